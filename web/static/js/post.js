// Forms, sent without leaving the page.

export class Refused extends Error {}

export async function post(url, fields) {
  const response = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(fields),
  });
  if (response.status === 401) location.reload();
  if (response.status === 204) return null;
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.error);
  return answer;
}
