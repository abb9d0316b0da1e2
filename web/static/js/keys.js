// What a key means.

// An input method is at work: the key is its own. Safari tells of the one that ends it afterwards, and then only by
// its number.
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

export function isText(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}
