// The menu of commands: opened by its button, or by typing „/".
import { h, icon, ICONS } from "./dom.js";

export class CommandMenu {
  /** `choose(command)` is called with the command's name; `leave()` when the menu is closed by key. */
  constructor(choose, leave) {
    this.commands = [];
    this.choose = choose;
    this.leave = leave;
    this.list = h("ul.menu", { "aria-label": "Befehle", hidden: true });
    this.button = h("button.tool", { type: "button", "aria-expanded": "false", title: "Befehle", onclick: () => this.toggle() },
      icon(ICONS.menu), h("span.visually-hidden", {}, "Befehle"));
  }

  get open() {
    return !this.list.hidden;
  }

  set(commands) {
    this.commands = commands;
    this.button.disabled = !commands.length;
  }

  toggle() {
    if (this.open) this.close(true);
    else this.show(this.commands, true);
  }

  /** Offers what fits to a text that is being typed. */
  suggest(typed) {
    const fitting = /^\/\w*$/.test(typed) ? this.commands.filter((one) => `/${one.command}`.startsWith(typed)) : [];
    if (fitting.length) this.show(fitting, false);
    else this.close();
  }

  show(commands, focus) {
    this.list.replaceChildren(...commands.map((one) => h("li", {},
      h("button.menu-item", { type: "button", onclick: () => this.choose(one.command) },
        h("span.menu-command", {}, `/${one.command}`), h("span.menu-text", {}, one.description)))));
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    if (focus) this.list.querySelector("button")?.focus();
  }

  walk(step) {
    const items = [...this.list.querySelectorAll("button")];
    const place = items.indexOf(document.activeElement);
    items[(place + step + items.length) % items.length]?.focus();
  }

  close(byKey = false) {
    if (!this.open) return;
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (byKey) this.leave();
  }
}
