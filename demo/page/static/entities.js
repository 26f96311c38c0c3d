// Formatted text as elements: entities are stretches in UTF-16 units, which is how JavaScript counts too.
import { h } from "./dom.js";

const SAFE = /^(https?:|mailto:|tel:)/i;

function link(url, children) {
  return SAFE.test(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children) : children;
}

/** Covered text is not on the page until it is asked for: nobody comes upon it by chance, a screen reader neither. */
function spoiler(children, entity, covered) {
  const hidden = h("button.spoiler", { type: "button" },
    h("span", { "aria-hidden": "true" }, "\u2002".repeat(Math.min(covered.length, 40))), h("span.visually-hidden", {}, "Verdeckten Text zeigen"));
  hidden.addEventListener("click", () => {
    const shown = h("span.shown", { tabindex: "-1" }, children);
    hidden.replaceWith(shown);
    shown.focus();
  }, { once: true });
  return hidden;
}

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

const RENDER = {
  bold: (c) => h("strong", {}, c),
  italic: (c) => h("em", {}, c),
  underline: (c) => h("u", {}, c),
  strikethrough: (c) => h("s", {}, c),
  code: (c) => h("code", {}, c),
  pre: (c) => h("pre", {}, c),
  blockquote: (c) => h("blockquote", {}, c),
  expandable_blockquote: (c) => h("blockquote", {}, c),
  spoiler,
  text_link: (c, entity) => link(entity.url, c),
  url: (c, entity, covered) => link(/^[a-z]+:/i.test(covered) ? covered : `https://${covered}`, c),
  email: (c, entity, covered) => link(`mailto:${covered}`, c),
  phone_number: (c, entity, covered) => link(`tel:${covered}`, c),
  mention: (c) => h("span.mention", {}, c),
  text_mention: (c) => h("span.mention", {}, c),
  hashtag: (c) => h("span.mention", {}, c),
};

/**
 * The nodes for a text. `onCommand(text)` is called when a command is tapped.
 * Entities come sorted, the outer one first; each is cut off where its parent ends.
 */
export function render(text, entities = [], onCommand = () => {}) {
  let next = 0;
  const upTo = (start, end) => {
    const nodes = [];
    let place = start;
    while (next < entities.length && entities[next].offset < end) {
      const entity = entities[next++];
      const from = Math.max(entity.offset, place);
      const to = Math.min(entity.offset + entity.length, end);
      if (to <= from) continue;
      // A quotation stands on lines of its own anyway: the line breaks around it are not shown twice.
      const block = BLOCKS.has(entity.type);
      const before = text.slice(place, from);
      if (before) nodes.push(block && before.endsWith("\n") ? before.slice(0, -1) : before);
      const covered = text.slice(from, to);
      const children = upTo(from, to);
      if (entity.type === "bot_command") {
        nodes.push(h("button.command", { type: "button", onclick: () => onCommand(covered) }, children));
      } else {
        const made = RENDER[entity.type]?.(children, entity, covered) ?? children;
        nodes.push(...[made].flat());
      }
      place = block && text[to] === "\n" && to < end ? to + 1 : to;
    }
    if (place < end) nodes.push(text.slice(place, end));
    return nodes;
  };
  return upTo(0, text.length);
}
