// The part of a message that is marked, to be quoted.

/** What is marked within one message's words: `{ text, position }`, or null. */
export function markedIn(element) {
  const selection = getSelection();
  const words = element?.querySelector(".words");
  if (!words || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!words.contains(range.startContainer) || !words.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const raw = range.toString();
  const text = raw.trim();
  return text ? { text, position: before.toString().length + raw.indexOf(text) } : null;
}
