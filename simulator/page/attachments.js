// What stands in for a photo, a voice message, a sticker, a place: drawn, never fetched.

import { icon, make } from "./dom.js";

const DRAWN = { photo, voice, sticker, location };
const OTHERS = {
  video: "Video",
  video_note: "Video message",
  animation: "Animation",
  audio: "Audio",
  document: "File",
  contact: "Contact",
  poll: "Poll",
};
const WAVE = [4, 9, 14, 7, 16, 11, 19, 13, 6, 17, 10, 15, 8, 18, 12, 5, 14, 9, 16, 7, 11, 5];

/** The kind of attachment in a message, or null if it is text alone. */
export function kindOf(message) {
  return [...Object.keys(DRAWN), ...Object.keys(OTHERS)].find((kind) => kind in message) ?? null;
}

/** A message in a few words, for quotes and notes. */
export function summaryOf(message) {
  const kind = kindOf(message);
  const name = { photo: "Photo", voice: "Voice message", sticker: "Sticker", location: "Location", ...OTHERS }[kind];
  return message.text ?? message.caption ?? name ?? "Message";
}

/** The drawing for a message's attachment. */
export function drawAttachment(message) {
  const kind = kindOf(message);
  if (kind === null) return null;
  return DRAWN[kind] ? DRAWN[kind](message[kind]) : other(kind, message[kind]);
}

function photo() {
  return picture(
    "attachment photo",
    "Photo",
    "0 0 240 180",
    shape("rect", { class: "sky", width: 240, height: 180 }),
    shape("circle", { class: "sun", cx: 178, cy: 54, r: 22 }),
    shape("path", { class: "far", d: "M0 132 L58 74 L104 118 L150 82 L240 150 V180 H0z" }),
    shape("path", { class: "near", d: "M0 152 Q60 122 118 148 T240 140 V180 H0z" }),
  );
}

function location() {
  return picture(
    "attachment location",
    "Location",
    "0 0 240 130",
    shape("rect", { class: "land", width: 240, height: 130 }),
    shape("path", { class: "water", d: "M150 0 Q128 44 170 70 T190 130 H240 V0z" }),
    shape("path", { class: "road", d: "M0 40 H240 M0 96 L240 82 M58 0 V130 M116 0 L104 130" }),
    shape("path", { class: "pin", d: "M96 78s-17-15-17-29a17 17 0 0134 0c0 14-17 29-17 29z" }),
    shape("circle", { class: "hole", cx: 96, cy: 49, r: 6 }),
  );
}

function sticker() {
  return picture(
    "attachment sticker",
    "Sticker",
    "0 0 120 120",
    shape("path", { class: "bag", d: "M24 42h72l-6 60a8 8 0 01-8 7H38a8 8 0 01-8-7z" }),
    shape("path", { class: "handle", d: "M44 54V36a16 16 0 0132 0v18" }),
    shape("path", { class: "face", d: "M48 72v.1M72 72v.1M49 84q11 11 22 0" }),
  );
}

function voice({ duration }) {
  const bars = WAVE.map((height, index) =>
    shape("rect", { x: index * 5, y: (20 - height) / 2, width: 3, height, rx: 1.5 }),
  );
  const wave = drawing("wave", `0 0 ${WAVE.length * 5 - 2} 20`, ...bars);
  const length = `0:${String(duration).padStart(2, "0")}`;
  return make(
    "div",
    { class: "attachment voice", role: "img", "aria-label": `Voice message, ${duration} seconds` },
    make("span", { class: "play" }, icon("play")),
    make("div", {}, wave, make("span", { class: "length" }, length)),
  );
}

function other(kind, content) {
  const name = content.file_name ?? content.question ?? content.first_name ?? content.title ?? OTHERS[kind];
  return make(
    "div",
    { class: "attachment other" },
    make("span", { class: "play" }, icon("file")),
    make("div", {}, make("strong", { dir: "auto" }, name), make("span", { class: "length" }, OTHERS[kind])),
  );
}

function picture(className, label, viewBox, ...shapes) {
  const svg = drawing(className, viewBox, ...shapes);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  return svg;
}

function drawing(className, viewBox, ...shapes) {
  const svg = shape("svg", { class: className, viewBox });
  svg.append(...shapes);
  return svg;
}

function shape(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
