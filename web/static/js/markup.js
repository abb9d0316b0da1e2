// The server's own markup, made into elements.

export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

export async function page(url, headers = {}) {
  const response = await fetch(url, { headers: { Accept: "text/html", ...headers } });
  if (!response.ok || response.redirected) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
