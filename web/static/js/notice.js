// What has become of a chat that isn't open, and the way there.

const place = document.getElementById("notice");
let about = null;

export function show(chat, address, sentence, onUndo = null) {
  about = onUndo ? null : chat; // what can be undone is said until one looks elsewhere
  const button = place.querySelector("button");
  button.hidden = !onUndo;
  button.onclick = onUndo && (() => (hide(), onUndo()));
  place.querySelector("span").textContent = sentence;
  place.querySelector("a").href = address;
  place.hidden = false;
}

export function forget(chat) {
  if (chat === about || !about) hide();
}

function hide() {
  place.hidden = true;
}
