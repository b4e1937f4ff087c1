"use strict";

// Colours: as the system has them, until the reader chooses.
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  // A browser may refuse to remember anything for a page that was opened from a disk.
  const memory = {
    get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
    set: (theme) => { try { localStorage.setItem("theme", theme); } catch { /* not kept */ } },
  };
  const shown = () => root.dataset.theme || (system.matches ? "dark" : "light");
  const name = () => { button.textContent = shown() === "dark" ? "Light mode" : "Dark mode"; };
  const kept = memory.get();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  button.hidden = false;
  name();
  system.addEventListener("change", name);
  button.addEventListener("click", () => {
    root.dataset.theme = shown() === "dark" ? "light" : "dark";
    memory.set(root.dataset.theme);
    name();
  });
})();

// Tables: sorted by a button in each heading, filtered by words. Without this, they are plain.
for (const box of document.querySelectorAll(".table")) {
  const body = box.querySelector("tbody");
  const rows = [...body.rows];
  if (rows.length < 4) continue;
  makeSortable(box, body, rows);
  makeFilter(box, rows);
}

function makeSortable(box, body, rows) {
  const headings = [...box.querySelectorAll("thead th")];
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent.trim();
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const way = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", way);
      const sorted = rows.toSorted((one, other) => {
        return compare(one.cells[column], other.cells[column], way === "ascending" ? 1 : -1);
      });
      body.append(...sorted);
    });
  });
}

// Numbers by value and before words; empty cells last, whichever way.
function compare(one, other, sign) {
  const words = [one, other].map((cell) => cell.textContent.trim());
  const empty = words.map((word) => word === "");
  if (empty[0] || empty[1]) return empty[0] - empty[1];
  const values = [one, other].map((cell) => cell.dataset.value);
  if (values[0] !== undefined && values[1] !== undefined) return sign * (values[0] - values[1]);
  if (values[0] !== undefined || values[1] !== undefined) return values[0] === undefined ? 1 : -1;
  return sign * words[0].localeCompare(words[1], "en", { numeric: true });
}

function makeFilter(box, rows) {
  const tools = document.createElement("div");
  tools.className = "tools";
  const label = document.createElement("label");
  const input = document.createElement("input");
  const told = document.createElement("output");
  const title = box.querySelector("caption").textContent;
  input.type = "search";
  input.setAttribute("aria-label", `Filter the rows: ${title}`);
  label.append("Filter ", input);
  told.setAttribute("aria-live", "polite");
  tools.append(label, told);
  box.prepend(tools);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const apply = () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, i) => {
      row.hidden = !wanted.every((word) => texts[i].includes(word));
      count += !row.hidden;
    });
    told.textContent = wanted.length ? `${count} of ${rows.length} rows` : `${rows.length} rows`;
  };
  input.addEventListener("input", apply);
  apply();
}
