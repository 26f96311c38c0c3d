// What a tap brings: the pressed button waits, then a toast or an alert.
import { h } from "./dom.js";

const TOAST = 6000;
let count = 0;

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

  /** Shows an alert over `screen`. It takes the focus only from within its own phone, and gives it back. */
  alert(screen, text, id) {
    const before = document.activeElement;
    const said = h("p", { dir: "auto", id: `alert-${(count += 1)}` }, text);
    const button = h("button.primary", { type: "button" }, "In Ordnung");
    const dialog = h("dialog.alert", { "aria-label": this.botName, "aria-describedby": said.id }, said, h("div", {}, button));
    const covered = [...screen.children].filter((one) => !one.inert);
    screen.append(dialog);
    const close = () => {
      for (const one of covered) one.inert = false;
      const held = dialog.contains(document.activeElement);
      dialog.remove();
      const back = screen.contains(before) ? before : this.keysOf(id)[0] ?? this.rest;
      if (held) back.focus({ preventScroll: true });
    };
    button.addEventListener("click", close);
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
    const within = screen.contains(before);
    for (const one of covered) one.inert = true;
    dialog.show();
    if (within) button.focus();
    else before?.focus();
  }
}
