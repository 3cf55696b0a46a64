// Comfort only: takes what a link carries behind # (a token, an invitation) into the form's field, and out of the address.
"use strict";
const [name, value] = location.hash.slice(1).split("=");
const field = ["token", "invitation"].includes(name) ? document.getElementById(name) : null;
if (field && value) {
  field.value = decodeURIComponent(value);
  history.replaceState(null, "", location.pathname);
}
