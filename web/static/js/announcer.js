// What is said to those who listen instead of looking.

const FEW = 5; // said long ago, and read out by now

const announcer = document.getElementById("announcer");

export function say(sentence) {
  const item = document.createElement("p");
  item.textContent = sentence;
  announcer.append(item);
  if (announcer.childElementCount > FEW) announcer.firstElementChild.remove();
}
