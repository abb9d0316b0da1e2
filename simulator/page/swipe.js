// A finger that pulls a message aside.

const FAR_ENOUGH = 56;

/** Call `act` when the element is swiped towards the start of the line by touch. */
export function onSwipe(element, act) {
  let startX = null;
  const settle = () => {
    startX = null;
    element.style.removeProperty("translate");
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") startX = event.clientX;
  });
  element.addEventListener("pointermove", (event) => {
    if (startX === null) return;
    const distance = Math.min(0, Math.max(event.clientX - startX, -FAR_ENOUGH * 1.4));
    element.style.setProperty("translate", `${distance}px 0`);
  });
  element.addEventListener("pointerup", (event) => {
    const isFar = startX !== null && startX - event.clientX > FAR_ENOUGH;
    settle();
    if (isFar) act();
  });
  element.addEventListener("pointercancel", settle);
}
