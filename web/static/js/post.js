// Forms, sent without leaving the page.

export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

export async function post(url, fields) {
  const body = new URLSearchParams(fields).toString();
  const response = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
    body,
    keepalive: body.length < 60_000, // arrives though the tab is closed; browsers allow no more
  });
  if (response.status === 204) return null;
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.error, response.status);
  return answer;
}
