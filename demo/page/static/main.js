// Starts the page: one stream of events in, phones, clock and hints out.
import { Clock } from "./clock.js";
import { glide, h } from "./dom.js";
import { News } from "./news.js";
import { Phone } from "./phone.js";

const place = document.getElementById("phones");
const nav = document.getElementById("switch");
const intro = document.getElementById("intro");
const offline = document.getElementById("offline");
const clock = new Clock(document);
const news = new News(document.getElementById("news"));
const phones = new Map();
let seats = []; // the ids of those who sit at the phones on the page, in their order
const narrow = matchMedia("(max-width: 759px)");
let current = null;

// Open at first; once somebody has closed it, it stays closed.
const remembered = () => { try { return localStorage.getItem("intro"); } catch { return null; } };
intro.open = !narrow.matches && remembered() !== "closed";
intro.addEventListener("toggle", () => {
  if (narrow.matches) return;
  try { localStorage.setItem("intro", intro.open ? "open" : "closed"); } catch { /* then it is not remembered */ }
});

// --- which phone is in view

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const phone = phones.get(Number(entry.target.dataset.user));
    if (!phone) continue;
    phone.visible = entry.intersectionRatio > 0.5;
    if (phone.visible && !document.hidden) phone.seen();
    if (phone.visible && entry.boundingClientRect.height && phone.wasHidden) phone.talk.toBottom();
    phone.wasHidden = !entry.boundingClientRect.height;
  }
}, { threshold: [0, 0.51, 1] });

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const phone of phones.values()) if (phone.visible) phone.seen();
});

function turnTo(id, { focus = false } = {}) {
  current = id;
  mark(id);
  const phone = phones.get(id);
  phone.element.scrollIntoView({ block: "nearest", inline: "center", behavior: glide() });
  phone.seen();
  if (focus) phone.entry.focus({ preventScroll: true });
}

function mark(id) {
  for (const phone of phones.values()) phone.element.classList.toggle("current", phone.id === id);
  for (const button of nav.children) button.setAttribute("aria-current", String(Number(button.dataset.user) === id));
}

function badge(phone) {
  const button = nav.querySelector(`[data-user="${phone.id}"]`);
  if (button) {
    button.querySelector(".badge").textContent = phone.unread || "";
    button.querySelector(".badge-text").textContent = phone.unread ? `, ${phone.unread} ungelesen` : "";
  }
  const sum = seats.reduce((all, id) => all + phones.get(id).unread, 0);
  document.title = `${sum ? `(${sum}) ` : ""}ReKo-Assistent · Vorführung`;
}

function tab(phone) {
  const [first] = phone.role.split(" · ");
  return h("button.tab", { type: "button", "data-user": phone.id, onclick: () => turnTo(phone.id) },
    h("span.tab-role", {}, first), h("span.tab-name", {}, phone.name.split(" ").at(-1)), h("span.badge", { "aria-hidden": "true" }), h("span.badge-text.visually-hidden", {}));
}

// --- who sits at which phone

/** The list of those who can sit here, by where they belong; who sits at another phone is not offered. */
function chooser(phone) {
  const groups = new Map();
  for (const one of phones.values()) {
    if (one !== phone && seats.includes(one.id)) continue;
    if (!groups.has(one.group)) groups.set(one.group, []);
    const news = one.unread ? ` (${one.unread} neu)` : "";
    const text = one === phone ? one.name : `${one.name}${news} · ${one.role}`;
    groups.get(one.group).push(h("option", { value: one.id, selected: one === phone }, text));
  }
  return [...groups].map(([label, options]) => h("optgroup", { label }, options));
}

function change(phone, id) {
  seats[seats.indexOf(phone.id)] = id;
  seat();
  turnTo(id);
  phones.get(id).sitter.focus({ preventScroll: true });
}

/** Puts the phones of those who sit there on the page. */
function seat() {
  watcher.disconnect();
  const shown = seats.map((id) => phones.get(id));
  place.replaceChildren(...shown.map((phone) => phone.element));
  nav.replaceChildren(...shown.map(tab));
  for (const phone of phones.values()) phone.visible = seats.includes(phone.id);
  for (const phone of shown) {
    watcher.observe(phone.element);
    phone.sitter.replaceChildren(...chooser(phone));
    badge(phone);
    phone.talk.toBottom();
  }
}

// --- hints

function hint({ title, text, user_id: id, fill }) {
  const go = () => {
    if (!seats.includes(id)) change(phones.get(seats.at(-1)), id);
    turnTo(id, { focus: true });
    if (fill) phones.get(id).fill(fill);
    if (narrow.matches) intro.open = false;
  };
  return h("li", {}, h("button.hint-go", { type: "button", onclick: go }, title), h("p", {}, text));
}

// --- the stream

function build(state) {
  const drafts = new Map([...phones].map(([id, phone]) => [id, phone.entry.value]));
  phones.clear();
  clock.set(state.clock);
  for (const data of state.phones) {
    const phone = new Phone(data, state.bot, clock, { changed: badge, news });
    phone.entry.value = drafts.get(phone.id) ?? "";
    phone.sitter.addEventListener("pointerdown", () => phone.sitter.replaceChildren(...chooser(phone)));
    phone.sitter.addEventListener("change", () => change(phone, Number(phone.sitter.value)));
    phones.set(phone.id, phone);
  }
  const stayed = seats.length && seats.every((id) => phones.has(id));
  if (!stayed) seats = state.phones.filter((data) => data.shown).map((data) => data.user_id);
  seat();
  document.getElementById("hints").replaceChildren(...state.hints.map(hint));
  if (!seats.includes(current)) current = seats[0];
  mark(current);
  document.body.dataset.ready = "";
}

const stream = new EventSource("/phones/events");
const on = (name, handle) => stream.addEventListener(name, (event) => handle(JSON.parse(event.data)));
const at = (name, handle) => on(name, (data) => { const phone = phones.get(data.user_id); if (phone) handle(phone, data); });

stream.addEventListener("open", () => { offline.hidden = true; });
stream.addEventListener("error", () => { offline.hidden = false; });
on("state", build);
on("clock", (data) => clock.set(data));
at("message", (phone, data) => phone.arrive(data.message));
at("deleted", (phone, data) => phone.remove(data.message_id));
at("answer", (phone, data) => phone.answer(data));
at("action", (phone) => phone.setTyping(true));
at("phone", (phone, data) => phone.extras(data));
