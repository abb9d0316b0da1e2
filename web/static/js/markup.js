// The server's own markup, made into elements.

export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

// There is something else to be seen than the page: a way in, or that there is no such page.
export class Elsewhere extends Error {}

// Nobody has seen it yet: `reading.js` says when it was shown.
export async function page(url, signal) {
  const response = await fetch(url, { headers: { Accept: "text/html", Purpose: "prefetch" }, signal });
  if (response.redirected || (response.status >= 400 && response.status < 500)) throw new Elsewhere(`${response.status}`);
  if (!response.ok) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
