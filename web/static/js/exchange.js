// A message that has changed takes its own place: whoever is at something in it stays there.

const CONTROLS = "a[href], button, summary, input, select";

// Gives the element that is there from now on: what looks the same as before is left as it is, selected or not.
export function exchange(known, item) {
  if (known.innerHTML !== item.innerHTML) return replace(known, item);
  const gone = [...known.attributes].filter(({ name }) => name !== "tabindex" && !item.hasAttribute(name));
  for (const { name } of gone) known.removeAttribute(name);
  for (const { name, value } of item.attributes) known.setAttribute(name, value);
  return known;
}

function replace(known, item) {
  const at = [...known.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
  const open = known.querySelector(":popover-open")?.id;
  const unfolded = [...known.querySelectorAll("details[open]")].map((each) => each.className);
  known.replaceWith(item);
  for (const details of item.querySelectorAll("details")) details.open = unfolded.includes(details.className);
  if (open) item.querySelector(`#${open}`)?.showPopover({ source: item.querySelector(`[popovertarget="${open}"]`) });
  if (at < 0) return item;
  const controls = item.querySelectorAll(CONTROLS);
  const control = controls[at]?.checkVisibility() ? controls[at] : item.querySelector(".message-more");
  control?.focus({ preventScroll: true });
  return item;
}
