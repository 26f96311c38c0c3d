// Tells people who cannot see it what has come: the words on the phone they work on, a number for the others.
import { h } from "./dom.js";

const PAUSE = 400; // a burst is told at once
const KEPT = 20000;

export class News {
  /** `place` is a live region: what is put in is read aloud once, and nothing else of it again. */
  constructor(place) {
    this.place = place;
    this.words = [];
    this.others = new Map();
  }

  /** Something has come on a phone; `words` say it, `fresh` is whether it is a message of its own. */
  tell(phone, words, fresh) {
    if (phone.element.contains(document.activeElement)) this.words.push(words);
    else if (fresh && phone.element.isConnected) this.others.set(phone.name, (this.others.get(phone.name) ?? 0) + 1);
    else return;
    this.timer ??= setTimeout(() => this.say(), PAUSE);
  }

  say() {
    const counts = [...this.others].map(([name, count]) =>
      count === 1 ? `Eine neue Nachricht bei ${name}.` : `${count} neue Nachrichten bei ${name}.`);
    const said = [...this.words, ...counts].map((words) => h("p", { dir: "auto" }, words));
    this.words = [];
    this.others.clear();
    this.timer = null;
    this.place.append(...said);
    setTimeout(() => said.forEach((one) => one.remove()), KEPT);
  }
}
