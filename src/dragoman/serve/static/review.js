// Comfort only: keys for what the page's buttons do.
"use strict";
const item = document.getElementById("item");
if (item) item.focus({ preventScroll: true });
let sent = false;
document.addEventListener("keydown", (event) => {
  const active = document.activeElement;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName);
  if (event.key === "Escape" && typing) {
    active.closest("details")?.removeAttribute("open");
    active.blur();
    return;
  }
  if (typing || sent || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const opened = document.querySelector(`details[data-opens="${CSS.escape(event.key)}"]`);
  if (opened) {
    event.preventDefault();
    opened.open = true;
    opened.querySelector("select, input:not([type=hidden]), button")?.focus();
    return;
  }
  const chosen = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (chosen) {
    event.preventDefault();
    sent = true;
    chosen.click();
  }
});
