// One phone: what stands on it and what its owner does.
import { Answers } from "./answers.js";
import { h, icon, ICONS, post } from "./dom.js";
import { CommandMenu } from "./menu.js";
import { bubble, summary } from "./message.js";

const TYPING = 5500;
const NEAR = 60;

export class Phone {
  constructor(data, bot, clock, changed) {
    this.id = data.user_id;
    this.name = data.name;
    this.role = data.role;
    this.group = data.group;
    this.bot = bot;
    this.botName = bot.name;
    this.clock = clock;
    this.changed = changed;
    this.unread = 0;
    this.below = 0;
    this.visible = true;
    this.items = new Map();
    this.answered = null;
    this.editing = false;
    this.build(bot);
    this.extras(data);
    for (const message of data.messages) this.put(message);
    this.toBottom();
    requestAnimationFrame(() => this.toBottom());
  }

  // --- what message.js asks of a phone

  nameOf = (message) => (message.from?.id === this.id ? "Sie" : message.from?.first_name ?? this.botName);
  time = (date) => this.clock.time(date);
  command = (text) => this.act({ act: "send", text });
  reply = (message) => this.setReply(message);
  edit = (message) => this.setReply(message, true);

  /** Links to this bot with a start code are opened here. */
  open = (url) => {
    const found = new RegExp(`^https://t\\.me/${this.bot.username}(?:\\?start=([\\w-]*))?$`).exec(url);
    if (found) this.act({ act: "start", payload: found[1] ?? "" });
    return Boolean(found);
  };

  tap = (message, button, element) => {
    this.answers.press(message.message_id, element);
    this.act({ act: "tap", message_id: message.message_id, data: button.callback_data });
  };

  // --- building

  build(bot) {
    this.sitter = h("select.sitter", { "aria-label": "Wer sitzt an diesem Telefon?", title: "Jemand anderen an dieses Telefon setzen" });
    this.log = h("ol.log", { role: "log", "aria-label": `Nachrichten auf dem Telefon: ${this.name}`, "aria-live": "off", tabindex: "0" });
    this.empty = h("div.empty", {}, h("p", {}, bot.description || "Noch keine Nachrichten."),
      h("button.primary", { type: "button", onclick: () => this.act({ act: "start" }) }, "Starten"));
    this.typing = h("p.typing", { hidden: true }, "schreibt", h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")));
    this.status = h("p.status", {}, "Automatischer Assistent");
    this.newest = h("button.newest", { type: "button", hidden: true, onclick: () => this.toBottom(true) }, icon(ICONS.down),
      h("span.newest-count", {}), h("span.visually-hidden", {}, "Zur neuesten Nachricht"));
    this.log.addEventListener("scroll", () => this.scrolled());
    const composer = this.composer();
    const keysOf = (id) => [...(this.items.get(id)?.querySelectorAll(".key") ?? [])];
    this.answers = new Answers(this.botName, keysOf, this.entry);
    this.screen = h("div.screen", {},
      h("header.bar", {}, h("span.avatar", { "aria-hidden": "true" }, icon("M5 6.5h10M5 10h10M5 13.5h6")),
        h("div.bar-text", {}, h("p.bar-name", {}, bot.name), this.status, this.typing)),
      h("div.talk", {}, this.log, this.empty, this.newest, this.answers.toasts),
      composer);
    this.element = h("section.phone", { "aria-label": `Telefon: ${this.name}, ${this.role}`, "data-user": this.id },
      h("div.owner", {}, h("span.initials", { "aria-hidden": "true" }, initials(this.name)),
        h("div", {}, h("h2.visually-hidden", {}, this.name), this.sitter, h("p.role", {}, this.role))),
      this.screen);
    this.element.addEventListener("focusin", () => this.listen(true));
    this.element.addEventListener("focusout", () => this.listen(false));
    this.element.addEventListener("keydown", (event) => this.keydown(event));
  }

  composer() {
    this.entry = h("textarea.entry", { rows: "1", placeholder: "Nachricht", "aria-label": `Nachricht von ${this.name}`, dir: "auto", enterkeyhint: "send" });
    this.entry.addEventListener("input", () => { this.grow(); this.menu.suggest(this.entry.value); });
    this.menu = new CommandMenu((command) => this.choose(command), () => this.entry.focus());
    this.picker = h("input.visually-hidden", { type: "file", tabindex: "-1", "aria-hidden": "true", onchange: () => this.upload() });
    this.quoteBar = h("div.quote-bar", { hidden: true });
    this.keys = h("div.reply-keys", { hidden: true, role: "group", "aria-label": "Vorgeschlagene Antworten" });
    const send = h("button.tool.send", { type: "submit", title: "Senden" }, icon(ICONS.send), h("span.visually-hidden", {}, "Senden"));
    const attach = h("button.tool", { type: "button", title: "Datei senden", onclick: () => this.picker.click() },
      icon(ICONS.attach), h("span.visually-hidden", {}, "Datei senden"));
    return h("form.composer", { onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.menu.list, this.quoteBar, this.keys, h("div.line", {}, this.menu.button, this.entry, this.picker, attach, send));
  }

  // --- from the stream

  /** What belongs to the phone beside its messages. */
  extras(data) {
    this.menu.set(data.commands);
    const rows = data.keyboard?.keyboard ?? [];
    this.keys.hidden = !rows.length;
    this.keys.replaceChildren(...rows.map((row) => h("div.keys", {}, row.map((button) =>
      h("button.key", { type: "button", onclick: () => this.act({ act: "send", text: button.text }) }, button.text)))));
    for (const [id, item] of this.items) item.classList.toggle("pinned", data.pinned.includes(id));
  }

  /** Puts a message in, or in the place of its earlier state. */
  put(message) {
    const near = this.nearBottom();
    const item = bubble(message, this);
    const old = this.items.get(message.message_id);
    if (old) this.replace(old, item);
    else this.append(message, item);
    this.items.set(message.message_id, item);
    this.empty.hidden = true;
    if (!message.mine && !old) this.setTyping(false);
    if (near || message.mine) this.toBottom();
    return { near, fresh: !old };
  }

  /** A message that came while the page is open. */
  arrive(message) {
    const { near, fresh } = this.put(message);
    if (!fresh || message.mine) return;
    this.items.get(message.message_id).classList.add("fresh");
    if (!near) this.count(this.below + 1);
    if (!this.visible || document.hidden) {
      this.unread += 1;
      this.changed(this);
    }
  }

  remove(id) {
    this.items.get(id)?.remove();
    this.items.delete(id);
    if (this.answered?.message_id === id) this.setReply(null);
  }

  answer({ message_id: id, text, alert }) {
    this.answers.release(id);
    if (text && alert) this.answers.alert(this.screen, text, id);
    else if (text) this.answers.toast(text);
  }

  setTyping(on) {
    this.typing.hidden = !on;
    this.status.hidden = on;
    clearTimeout(this.typingTimer);
    if (on) this.typingTimer = setTimeout(() => this.setTyping(false), TYPING);
  }

  // --- the log

  append(message, item) {
    const day = this.clock.format(new Date(message.date * 1000), { weekday: "short", day: "numeric", month: "long" });
    if (day !== this.lastDay) this.log.append(h("li.day", {}, h("span", {}, day)));
    this.lastDay = day;
    this.log.append(item);
  }

  replace(old, item) {
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    const keys = (element) => [...element.querySelectorAll(".key")];
    const place = held ? keys(old).indexOf(held) : -1;
    old.replaceWith(item);
    item.classList.add("changed");
    if (!held) return;
    const same = keys(item).find((key) => key.dataset.data && key.dataset.data === held.dataset.data) ?? keys(item)[place];
    (same ?? this.log).focus({ preventScroll: true });
  }

  nearBottom() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  toBottom(smooth = false) {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.count(0);
  }

  scrolled() {
    const near = this.nearBottom();
    this.newest.hidden = near;
    if (near) this.count(0);
  }

  count(below) {
    this.below = below;
    this.newest.querySelector(".newest-count").textContent = below ? String(below) : "";
  }

  seen() {
    if (!this.unread) return;
    this.unread = 0;
    this.changed(this);
  }

  /** Only the phone one works on is read aloud. */
  listen(on) {
    this.log.setAttribute("aria-live", on ? "polite" : "off");
  }

  // --- acting

  async act(body) {
    this.menu.close();
    if (!(await post("/phones/act", { user_id: this.id, ...body }))) this.answers.toast("Das ist nicht angekommen.");
  }

  async submit() {
    const text = this.entry.value.trim();
    if (!text) return;
    this.entry.value = "";
    this.grow();
    const about = this.answered?.message_id;
    const body = this.editing ? { act: "edit", message_id: about } : { act: "send", ...(about ? { reply_to: about } : {}) };
    this.setReply(null);
    await this.act({ ...body, text });
    this.entry.focus();
  }

  async upload() {
    const [file] = this.picker.files;
    this.picker.value = "";
    if (!file) return;
    const address = `/phones/upload?user_id=${this.id}&name=${encodeURIComponent(file.name)}`;
    const request = { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } };
    const response = await fetch(address, request).catch(() => null);
    if (!response?.ok) this.answers.toast("Die Datei ist leer oder zu groß (höchstens 20 MB).");
    this.entry.focus();
  }

  choose(command) {
    this.entry.value = "";
    this.grow();
    this.act({ act: "send", text: `/${command}` });
    this.entry.focus();
  }

  fill(text) {
    this.entry.value = text;
    this.grow();
    this.entry.focus();
  }

  /** The message that is answered, or edited; null for neither. */
  setReply(message, editing = false) {
    if (this.editing && !editing) this.fill("");
    this.answered = message;
    this.editing = editing;
    this.quoteBar.hidden = !message;
    if (!message) return this.quoteBar.replaceChildren();
    if (editing) this.fill(message.text);
    const not = editing ? "Nicht bearbeiten" : "Nicht antworten";
    const cancel = h("button.tool", { type: "button", title: not, onclick: () => { this.setReply(null); this.entry.focus(); } },
      icon(ICONS.close), h("span.visually-hidden", {}, not));
    const heading = editing ? "Nachricht bearbeiten" : `Antwort an ${this.nameOf(message)}`;
    this.quoteBar.replaceChildren(
      h("div.quote", {}, h("span.quote-name", {}, heading), h("span.quote-text", { dir: "auto" }, summary(message))), cancel);
    this.entry.focus();
  }

  keydown(event) {
    if (event.key === "Enter" && event.target === this.entry && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      if (this.menu.open) this.menu.close(true);
      else if (this.answered) this.setReply(null);
    } else if (this.menu.open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      this.menu.walk(event.key === "ArrowDown" ? 1 : -1);
    }
  }

  grow() {
    this.entry.style.height = "auto";
    this.entry.style.height = `${Math.min(this.entry.scrollHeight, 120)}px`;
  }
}

function initials(name) {
  const parts = name.replace(/^(Dr|Prof)\.\s*/, "").split(/\s+/);
  return (parts[0][0] + (parts.length > 1 ? parts[parts.length - 1][0] : "")).toUpperCase();
}
