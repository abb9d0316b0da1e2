// The few things that every module needs to build a piece of the page.

/** Make an element: `make("p", { class: "lead" }, "words", child)`; empty children are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false && child !== ""));
  return element;
}

/** An icon of the sprite in index.html. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** One or two letters for a round picture. */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

/** A colour of its own for every name: a hue between 0 and 359. */
function hueOf(words) {
  let hash = 7;
  for (const letter of words) hash = (hash * 31 + letter.codePointAt(0)) % 100003;
  return (hash * 47) % 360;
}

/** Show a round picture for a name. */
export function paintAvatar(element, name) {
  element.textContent = initials(name);
  element.style.setProperty("--hue", hueOf(name));
}
