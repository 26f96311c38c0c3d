// One phone: what stands on it and what its owner does.
import { Answers } from "./answers.js";
import { h, icon, ICONS, post } from "./dom.js";
import { CommandMenu } from "./menu.js";
import { summary } from "./message.js";
import { Talk } from "./talk.js";

const TYPING = 5500;

export class Phone {
  /** `changed(phone)` is called when the number of unread messages changes; `news` tells what came. */
  constructor(data, bot, clock, { changed, news }) {
    this.id = data.user_id;
    this.name = data.name;
    this.role = data.role;
    this.group = data.group;
    this.bot = bot;
    this.botName = bot.name;
    this.clock = clock;
    this.changed = changed;
    this.news = news;
    this.unread = 0;
    this.visible = true;
    this.answered = null;
    this.editing = false;
    this.rows = "";
    this.talk = new Talk(this);
    this.build(bot);
    this.extras(data);
    for (const message of data.messages) this.put(message);
    requestAnimationFrame(() => this.talk.toBottom());
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
    this.empty = h("div.empty", {}, h("p", {}, bot.description || "Noch keine Nachrichten."),
      h("button.primary", { type: "button", onclick: () => this.act({ act: "start" }) }, "Starten"));
    this.typing = h("p.typing", { hidden: true }, "schreibt", h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")));
    this.status = h("p.status", {}, "Automatischer Assistent");
    const composer = this.composer();
    this.answers = new Answers(this.botName, this.talk.keysOf, this.entry);
    const past = h("button.past", { type: "button", onclick: () => this.entry.focus() }, "Zum Eingabefeld");
    this.screen = h("div.screen", {},
      h("header.bar", {}, h("span.avatar", { "aria-hidden": "true" }, icon("M5 6.5h10M5 10h10M5 13.5h6")),
        h("div.bar-text", {}, h("p.bar-name", {}, bot.name), this.status, this.typing)),
      h("div.talk", {}, past, this.talk.log, this.empty, this.talk.newest, this.answers.toasts),
      composer);
    this.element = h("section.phone", { "aria-label": `Telefon: ${this.name}, ${this.role}`, "data-user": this.id },
      h("div.owner", {}, h("span.initials", { "aria-hidden": "true" }, initials(this.name)),
        h("div", {}, h("h2.visually-hidden", {}, this.name), this.sitter, h("p.role", {}, this.role))),
      this.screen);
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
    this.talk.pin(data.pinned);
    const rows = data.keyboard?.keyboard ?? [];
    if (JSON.stringify(rows) === this.rows) return;
    this.rows = JSON.stringify(rows);
    this.keys.hidden = !rows.length;
    this.keys.replaceChildren(...rows.map((row) => h("div.keys", {}, row.map((button) =>
      h("button.key", { type: "button", onclick: () => this.act({ act: "send", text: button.text }) }, button.text)))));
  }

  put(message) {
    const { fresh, said } = this.talk.put(message);
    this.empty.hidden = true;
    if (fresh && !message.mine) this.setTyping(false);
    return { fresh, said };
  }

  /** A message that came, or changed, while the page is open. */
  arrive(message) {
    const { fresh, said } = this.put(message);
    if (message.mine) return;
    if (said) this.news.tell(this, `${this.botName}: ${said}`, fresh);
    if (!fresh) return;
    this.talk.items.get(message.message_id).classList.add("fresh");
    if (!this.visible || document.hidden) {
      this.unread += 1;
      this.changed(this);
    }
  }

  remove(id) {
    this.talk.remove(id);
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

  seen() {
    if (!this.unread) return;
    this.unread = 0;
    this.changed(this);
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
      if (this.screen.contains(event.target)) this.entry.focus();
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
