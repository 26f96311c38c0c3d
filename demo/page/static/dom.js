// Builds elements. Text only ever enters as text nodes, so nothing a message holds can become markup.

/** h("button.primary", {type: "button", onclick}, "Text", child) */
export function h(shape, attributes = {}, ...children) {
  const [tag, ...classes] = shape.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon of strokes, drawn in the colour of its text. */
export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** How to move what is scrolled: at once, where people have asked for less motion. */
export const glide = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

export const ICONS = {
  menu: "M3 6h14M3 10h14M3 14h9",
  attach: "M14.5 9.5 9 15a3.3 3.3 0 0 1-4.7-4.7l6.4-6.4a2.2 2.2 0 0 1 3.1 3.1l-6.3 6.3a1.1 1.1 0 0 1-1.6-1.6l5.6-5.5",
  send: "M4 10h11M10.5 5.5 15 10l-4.5 4.5",
  reply: "M8 5 3.5 9.5 8 14M4 9.5h6.5a6 6 0 0 1 6 6",
  edit: "M4 16l1-4 8.5-8.5 3 3L8 15zM11.5 5.5l3 3",
  close: "M5 5l10 10M15 5 5 15",
  down: "M10 4v11M5.5 10.5 10 15l4.5-4.5",
  file: "M6 3h5l4 4v10H6zM11 3v4h4",
  save: "M10 3v9M6.5 9 10 12.5 13.5 9M4 16h12",
  pin: "M7 3h6l-1 5 2.5 2.5h-9L8 8zM10 10.5V17",
};

/** POSTs an action; resolves to whether it was taken. */
export async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.ok;
  } catch {
    return false;
  }
}
