// The talk on a phone: its messages in their order, and where in it one stands.
import { glide, h, icon, ICONS } from "./dom.js";
import { bubble, words } from "./message.js";

const NEAR = 60;

export class Talk {
  constructor(phone) {
    this.phone = phone;
    this.items = new Map();
    this.pinned = new Set();
    this.below = 0;
    this.list = h("ol.messages", {});
    this.log = h("div.log", { role: "group", "aria-label": `Nachrichten auf dem Telefon: ${phone.name}`, tabindex: "0" }, this.list);
    this.log.addEventListener("scroll", () => this.scrolled());
    this.newest = h("button.newest", { type: "button", hidden: true, onclick: () => this.toBottom(true) }, icon(ICONS.down),
      h("span.newest-count", {}), h("span.visually-hidden", {}, "Zur neuesten Nachricht"));
  }

  keysOf = (id) => [...(this.items.get(id)?.querySelectorAll(".key") ?? [])];

  /** Puts a message in, or brings it up to date. Tells whether it is new, and what of its words is. */
  put(message) {
    const near = this.nearBottom();
    const item = bubble(message, this.phone);
    const old = this.items.get(message.message_id);
    const known = new Set(old ? old.words.split("\n") : []);
    item.words = words(message);
    if (old) this.update(old, item);
    else this.insert(message, item);
    if (near || message.mine) this.toBottom();
    else if (!old) this.count(this.below + 1);
    return { fresh: !old, said: item.words.split("\n").filter((line) => line.trim() && !known.has(line)).join("\n") };
  }

  insert(message, item) {
    const id = message.message_id;
    item.dataset.day = this.phone.clock.format(new Date(message.date * 1000), { weekday: "short", day: "numeric", month: "long" });
    item.classList.toggle("pinned", this.pinned.has(id));
    this.items.set(id, item);
    let before = this.list.lastElementChild;
    while (before && !(Number(before.dataset.id) < id)) before = before.previousElementSibling;
    const last = before === this.list.lastElementChild;
    if (before) before.after(item);
    else this.list.prepend(item);
    if (last) this.dayOf(item, before);
    else this.days();
  }

  /** The day above a message that is the first of it. */
  dayOf(item, before) {
    if (item.dataset.day !== before?.dataset.day) item.before(h("li.day", {}, h("span", {}, item.dataset.day)));
  }

  days() {
    for (const old of this.list.querySelectorAll(".day")) old.remove();
    let before = null;
    for (const item of [...this.list.children]) {
      this.dayOf(item, before);
      before = item;
    }
  }

  /** Only what differs is put in anew: focus, selection and place stay where they are. */
  update(old, item) {
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    const place = this.keys(old).indexOf(held);
    old.words = item.words;
    this.swap(old, item, ".inner");
    this.swap(old, item, ".keyboard");
    old.classList.remove("fresh");
    old.classList.add("changed");
    if (!held || held.isConnected) return;
    const same = this.keys(old).find((key) => key.dataset.data && key.dataset.data === held.dataset.data) ?? this.keys(old)[place];
    (same ?? this.log).focus({ preventScroll: true });
  }

  swap(old, item, part) {
    const [was, is] = [old.querySelector(part), item.querySelector(part)];
    if (was && is && was.isEqualNode(is)) return;
    if (was && is) was.replaceWith(is);
    else if (is) old.append(is);
    else was?.remove();
  }

  keys(element) {
    return [...element.querySelectorAll(".key")];
  }

  remove(id) {
    const item = this.items.get(id);
    if (!item) return;
    const held = item.contains(document.activeElement);
    item.remove();
    this.items.delete(id);
    this.days();
    if (held) this.log.focus({ preventScroll: true });
  }

  pin(ids) {
    this.pinned = new Set(ids);
    for (const [id, item] of this.items) item.classList.toggle("pinned", this.pinned.has(id));
  }

  // --- where one stands

  nearBottom() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  toBottom(smoothly = false) {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smoothly ? glide() : "instant" });
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
}
