// One message as a bubble.
import { h, icon, ICONS } from "./dom.js";
import { render } from "./entities.js";

const KILO = 1024;

function size(bytes) {
  if (bytes < KILO) return `${bytes} Byte`;
  if (bytes < KILO * KILO) return `${Math.round(bytes / KILO)} KB`;
  return `${(bytes / KILO / KILO).toLocaleString("de-DE", { maximumFractionDigits: 1 })} MB`;
}

function fileBubble(file) {
  const address = `/phones/file/${encodeURIComponent(file.file_id)}`;
  const name = file.file_name ?? "Datei";
  return h("div.file", {},
    h("span.file-icon", {}, icon(ICONS.file)),
    h("span.file-text", {},
      h("a.file-name", { href: address, target: "_blank", rel: "noopener", title: `${name} öffnen` }, name),
      h("span.file-size", {}, size(file.file_size ?? 0))),
    h("a.file-save", { href: `${address}?download`, download: name, title: "Sichern" },
      icon(ICONS.save), h("span.visually-hidden", {}, `${name} sichern`)));
}

/** The caption stands below, for everybody; the picture's own words only say what it belongs to. */
function photo(sizes, caption) {
  const best = sizes[sizes.length - 1];
  const address = `/phones/file/${encodeURIComponent(best.file_id)}`;
  const about = caption ? `Bild zu: ${caption.split("\n")[0]}` : "Bild";
  return h("a.photo", { href: address, target: "_blank", rel: "noopener", "aria-label": `${about} (öffnen)` },
    h("img", { src: address, alt: about, width: best.width, height: best.height, loading: "lazy" }));
}

/** What a message is, in a few words, where it cannot be shown. */
function other(message) {
  const names = {
    sticker: "Aufkleber", voice: "Sprachnachricht", contact: "Kontakt", location: "Standort", poll: "Umfrage",
    video: "Film", audio: "Ton", animation: "Animation", dice: "Würfel", video_note: "Filmnachricht",
  };
  const kind = Object.keys(names).find((name) => message[name]);
  return kind ? h("p.other", {}, names[kind]) : null;
}

/** A message's text or caption; what is covered in it stays covered. */
function plain(message) {
  let text = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities ?? [];
  for (const { type, offset, length } of entities.filter((one) => one.type === "spoiler").reverse()) {
    text = `${text.slice(0, offset)}…${text.slice(offset + length)}`;
  }
  return text;
}

/** One line that stands for a message in a quotation. */
export function summary(message) {
  return plain(message) ?? message.document?.file_name ?? (message.photo ? "Bild" : "Nachricht");
}

/** A message as it is read aloud: its text line by line, its file, its buttons. */
export function words(message) {
  const keys = (message.reply_markup?.inline_keyboard ?? []).flat().map((button) => button.text);
  const text = plain(message);
  const file = message.document?.file_name ?? (message.photo ? "mit Bild" : "");
  return [text ?? (file ? "" : summary(message)), file, keys.length ? `Schaltflächen: ${keys.join(", ")}` : ""].filter(Boolean).join("\n");
}

function quotation(answered, nameOf) {
  return h("div.quote", {},
    h("span.quote-name", {}, nameOf(answered)),
    h("span.quote-text", { dir: "auto" }, answered.quote?.text ?? summary(answered)));
}

/**
 * The list item for a message. `phone` knows its owner's id, the bot's name and the clock's format, and is told
 * what happens: `tap(message, button, element)`, `reply(message)`, `edit(message)`, `command(text)`, `open(url)`.
 */
export function bubble(message, phone) {
  const mine = message.mine;
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const inner = h("div.inner", {},
    message.forward_origin ? h("p.forwarded", {}, `Weitergeleitet von ${message.forward_origin.sender_user?.first_name ?? "jemandem"}`) : null,
    message.reply_to_message ? quotation(message.reply_to_message, phone.nameOf) : null,
    message.photo ? photo(message.photo, text) : null,
    message.document ? fileBubble(message.document) : null,
    message.document || message.photo ? null : other(message),
    text ? h("div.text", { dir: "auto" }, render(text, entities, phone.command)) : null,
    meta(message, phone));
  for (const found of inner.querySelectorAll("a[href*='t.me/']")) {
    found.addEventListener("click", (event) => { if (phone.open(found.href)) event.preventDefault(); });
  }
  const item = h(`li.message.${mine ? "mine" : "theirs"}`, { "data-id": message.message_id },
    h("span.visually-hidden", {}, mine ? "Sie:" : `${phone.botName}:`),
    inner,
    keyboard(message, phone));
  inner.addEventListener("click", (event) => {
    const busy = event.target.closest("a, button") || String(getSelection()).length;
    if (!busy) phone.reply(message);
  });
  return item;
}

function meta(message, phone) {
  const notes = [message.silent ? "ohne Ton" : "", message.edited ? "bearbeitet" : ""].filter(Boolean);
  const at = new Date(message.date * 1000);
  const reply = h("button.reply", { type: "button", title: "Antworten", onclick: () => phone.reply(message) },
    icon(ICONS.reply), h("span.visually-hidden", {}, `Auf „${summary(message).slice(0, 40)}“ antworten`));
  const edit = message.mine && message.text
    ? h("button.reply", { type: "button", title: "Bearbeiten", onclick: () => phone.edit(message) },
      icon(ICONS.edit), h("span.visually-hidden", {}, `„${summary(message).slice(0, 40)}“ bearbeiten`))
    : null;
  return h("div.meta", {}, reply, edit, ...notes.map((note) => h("span", {}, note)),
    h("time", { datetime: at.toISOString() }, phone.time(at)));
}

function keyboard(message, phone) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h("div.keyboard", { role: "group", "aria-label": "Schaltflächen" },
    rows.map((row) => h("div.keys", {}, row.map((button) => key(message, button, phone)))));
}

function key(message, button, phone) {
  if (button.url) {
    const element = h("a.key", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, h("span", {}, button.text, h("span", { "aria-hidden": "true" }, " ↗")));
    element.addEventListener("click", (event) => { if (phone.open(button.url)) event.preventDefault(); });
    return element;
  }
  const element = h("button.key", { type: "button", "data-data": button.callback_data ?? "" }, button.text);
  element.addEventListener("click", () => phone.tap(message, button, element));
  return element;
}
