// What a tap brings: the pressed button waits, then a toast or an alert.
import { h } from "./dom.js";

const TOAST = 6000;

export class Answers {
  /** `keysOf(id)` gives the buttons of a message; `rest` takes the focus if nothing else can. */
  constructor(botName, keysOf, rest) {
    this.botName = botName;
    this.keysOf = keysOf;
    this.rest = rest;
    this.pressed = new Map();
    this.toasts = h("div.toasts", { role: "status" });
  }

  press(id, element) {
    element.setAttribute("aria-busy", "true");
    element.classList.add("pressed");
    this.pressed.set(id, element);
    setTimeout(() => this.release(id), TOAST);
  }

  /** Whether it waited or not, no button of the message waits any more. */
  release(id) {
    const held = this.pressed.get(id);
    this.pressed.delete(id);
    for (const element of held ? [held, ...this.keysOf(id)] : []) {
      element.removeAttribute("aria-busy");
      element.classList.remove("pressed");
    }
  }

  toast(text) {
    const toast = h("p.toast", { dir: "auto" }, text);
    this.toasts.replaceChildren(toast);
    setTimeout(() => toast.remove(), TOAST);
  }

  /** Shows an alert in `screen`. It takes the focus only from within its own phone, and gives it back. */
  alert(screen, text, id) {
    const before = document.activeElement;
    const dialog = h("dialog.alert", { "aria-label": this.botName },
      h("p", { dir: "auto" }, text), h("form", { method: "dialog" }, h("button.primary", {}, "In Ordnung")));
    screen.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      const back = before?.isConnected ? before : this.keysOf(id)[0] ?? this.rest;
      if (screen.contains(back)) back.focus({ preventScroll: true });
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      dialog.close();
    });
    dialog.show();
    if (screen.contains(before)) dialog.querySelector("button").focus();
    else before?.focus();
  }
}
