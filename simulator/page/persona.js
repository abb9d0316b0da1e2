// Who one is in this tab: everybody has a name, and a tab of their own.

import { arrive } from "./api.js";
import { byId, paintAvatar } from "./dom.js";

const REMEMBERED = "person";

/** The person of this tab, as the server knows them; `?as=Name` picks a name. */
export async function whoAmI() {
  const remembered = JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "{}");
  const wanted = new URLSearchParams(location.search).get("as");
  const isSomebodyElse = wanted && remembered.asked !== wanted;
  const person = await arrive(isSomebodyElse ? { name: wanted } : { id: remembered.id, name: remembered.name ?? wanted });
  remember(person, wanted);
  return person;
}

/** Show the name above the phone, and let it be changed. */
export function drawPersona(person, rename) {
  const field = byId("persona-name");
  field.addEventListener("change", () => rename(field.value.trim() || person.name));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") field.blur();
  });
  showPersona(person);
}

export function showPersona(person) {
  const field = byId("persona-name");
  if (document.activeElement !== field) field.value = person.name;
  paintAvatar(byId("persona-avatar"), person.name);
  const { asked } = JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "{}");
  remember(person, asked);
}

function remember({ id, name }, asked) {
  sessionStorage.setItem(REMEMBERED, JSON.stringify({ id, name, asked }));
}
