// Sets the chosen theme before anything is painted; without a choice the system's holds.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const read = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const show = () => {
    const dark = (read() ?? (system.matches ? "dark" : "light")) === "dark";
    root.dataset.theme = dark ? "dark" : "light";
    document.getElementById("theme")?.setAttribute("aria-pressed", String(dark));
  };
  show();
  system.addEventListener("change", show);
  addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("theme").addEventListener("click", () => {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      // Choosing what the system says anyway means following the system again.
      const follows = next === (system.matches ? "dark" : "light");
      try {
        if (follows) localStorage.removeItem("theme");
        else localStorage.setItem("theme", next);
      } catch { /* private windows may refuse; then the choice lasts for nothing */ }
      root.dataset.theme = next;
      document.getElementById("theme").setAttribute("aria-pressed", String(next === "dark"));
    });
  });
})();
