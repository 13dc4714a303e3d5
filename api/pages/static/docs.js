// Sends the form of an address and shows what comes back. Everything stays on this host.
"use strict";

function valuesOf(field) {
  if (field.multiple) {
    return Array.from(field.selectedOptions, (option) => option.value);
  }
  const lines = "repeats" in field.dataset ? field.value.split("\n") : [field.value];
  return lines.map((line) => line.trim()).filter(Boolean);
}

function request(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const options = { method: form.dataset.method, headers: { Accept: "application/json" } };
  for (const field of form.querySelectorAll("[data-in]")) {
    const value = field.value.trim();
    if (field.dataset.in === "body") {
      options.body = field.value;
      options.headers["Content-Type"] = "application/json";
    } else if (field.dataset.in === "path") {
      path = path.replace("{" + field.name + "}", encodeURIComponent(value));
    } else if (value) {
      valuesOf(field).forEach((item) => query.append(field.name, item));
    }
  }
  const suffix = query.toString();
  return [suffix ? path + "?" + suffix : path, options];
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const [address, options] = request(form);
  const line = document.createElement("p");
  const body = document.createElement("pre");
  body.tabIndex = 0;
  try {
    const answer = await fetch(address, options);
    line.textContent = `${options.method} ${address}: ${answer.status} ${answer.statusText}`;
    body.textContent = pretty(await answer.text());
  } catch {
    line.textContent = "The server did not answer.";
  }
  form.querySelector("output").replaceChildren(line, body);
}

document.querySelectorAll("form.try").forEach((form) => {
  form.addEventListener("submit", send);
  form.querySelector("button").disabled = false;
});
