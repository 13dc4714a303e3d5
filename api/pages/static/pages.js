// Comfort for pages that work without it: copies citations, follows work that goes on, minds the size of files, and
// takes those that are dropped.
"use strict";

const EVERY = 2000;

function addCopy(field) {
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.className = "second";
  button.textContent = "Copy";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied";
    } catch {
      said.textContent = "Press Ctrl+C to copy";
    }
  });
  field.after(button, " ", said);
}

// Where the server does not answer, the link to look again is still there.
async function follow(part) {
  let found = null;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    found = answer.ok ? page.getElementById(part.id) : null;
  } catch {
    found = null;
  }
  if (found === null) {
    return;
  }
  part.replaceChildren(...found.childNodes);
  if ("follow" in found.dataset) {
    setTimeout(follow, EVERY, part);
  }
}

function mindSize(field) {
  const most = Number(field.dataset.most);
  field.addEventListener("change", () => {
    const size = [...field.files].reduce((sum, file) => sum + file.size, 0);
    const what = field.multiple ? "Together the files are" : "The file is";
    field.setCustomValidity(size > most ? `${what} larger than ${field.dataset.words}.` : "");
    field.reportValidity();
  });
}

// Files that are dropped are those of the field: the form sends them as if they had been chosen.
function addDrop(part) {
  const field = part.querySelector("input[type=file]");
  const hint = document.createElement("p");
  hint.className = "drop";
  hint.textContent = "Or drop files here";
  field.after(hint);
  for (const kind of ["dragenter", "dragover"]) {
    part.addEventListener(kind, (event) => {
      event.preventDefault();
      part.classList.add("over");
    });
  }
  part.addEventListener("dragleave", (event) => {
    if (!part.contains(event.relatedTarget)) {
      part.classList.remove("over");
    }
  });
  part.addEventListener("drop", (event) => {
    event.preventDefault();
    part.classList.remove("over");
    if (event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files;
      field.dispatchEvent(new Event("change"));
    }
  });
}

document.querySelectorAll("[data-drop]").forEach(addDrop);
document.querySelectorAll("[data-copy]").forEach(addCopy);
document.querySelectorAll("[data-follow]").forEach((part) => setTimeout(follow, EVERY, part));
document.querySelectorAll("input[data-most]").forEach(mindSize);
document.querySelector("[data-focus]")?.focus();
