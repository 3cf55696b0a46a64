// Comfort for the editor of briefs: blocks to move about, citations as chips. Without it the text field does all of it.
"use strict";
(() => {
  const field = document.getElementById("text");
  if (!field) return;
  const special = /^(#{1,3} |> |- |\[\[)/;
  const trailing = /(?:\s*\[\d+(?:\s*,\s*\d+)*\])+\s*$/;
  const make = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  };

  const read = () => {
    const blocks = [];
    let open = false;
    for (const line of field.value.split("\n").map((part) => part.trim())) {
      if (!line) open = false;
      else if (special.test(line) || !open) { blocks.push(line); open = !special.test(line); }
      else blocks[blocks.length - 1] += ` ${line}`;
    }
    return blocks.map((line) => {
      const sign = (line.match(/^(#{1,3} |> |- )/) || [""])[0];
      const fixed = line.startsWith("[[") || sign === "> ";
      const found = fixed ? null : line.match(trailing);
      const text = line.slice(sign.length, found ? found.index : undefined);
      return { sign, text, fixed, cites: found ? found[0].match(/\d+/g) : [] };
    });
  };

  const write = () => {
    let text = "";
    blocks.forEach((block, at) => {
      const both = at > 0 && block.sign === "- " && blocks[at - 1].sign === "- ";
      const marks = block.cites.map((number) => `[${number}]`).join("");
      text += `${at ? (both ? "\n" : "\n\n") : ""}${block.sign}${block.text}${marks ? ` ${marks}` : ""}`;
    });
    field.value = text;
  };

  const chips = (row, block) => {
    const line = make("div", "block-chips");
    for (const number of block.cites) {
      const chip = make("button", "chip", `${number} ×`);
      const source = document.getElementById(`s${number}`);
      chip.type = "button";
      chip.title = source ? source.textContent.trim() : "This number is not among the sources.";
      chip.setAttribute("aria-label", `Remove source ${number}`);
      chip.addEventListener("click", () => { block.cites = block.cites.filter((own) => own !== number); write(); show(); });
      line.append(chip);
    }
    const add = make("input");
    add.placeholder = "+ source";
    add.inputMode = "numeric";
    add.setAttribute("aria-label", "Number of a source to add");
    add.addEventListener("change", () => {
      const number = add.value.replace(/\D/g, "");
      if (number && !block.cites.includes(number)) block.cites.push(number);
      write(); show();
    });
    line.append(add);
    row.append(line);
  };

  const row = (block, at) => {
    const made = make("li", `block-row ${block.sign.startsWith("#") ? "heading" : block.sign === "- " ? "item" : "plain"}`);
    const text = make("textarea");
    text.value = block.text;
    text.rows = Math.min(8, Math.ceil(block.text.length / 90) || 1);
    text.readOnly = block.fixed;
    text.setAttribute("aria-label", `Block ${at + 1}`);
    text.addEventListener("input", () => { block.text = text.value.replace(/\s*\n\s*/g, " "); write(); });
    const tools = make("div", "block-tools");
    const tool = (sign, name, act) => {
      const button = make("button", "quiet", sign);
      button.type = "button";
      button.setAttribute("aria-label", `${name} block ${at + 1}`);
      button.addEventListener("click", act);
      tools.append(button);
    };
    const move = (by) => () => {
      const to = at + by;
      if (to < 0 || to >= blocks.length) return;
      [blocks[at], blocks[to]] = [blocks[to], blocks[at]];
      write(); show(to);
    };
    tool("↑", "Move up", move(-1));
    tool("↓", "Move down", move(1));
    tool("+", "Add a paragraph after", () => { blocks.splice(at + 1, 0, { sign: "", text: "", fixed: false, cites: [] }); show(at + 1); });
    tool("×", "Remove", () => { blocks.splice(at, 1); write(); show(Math.min(at, blocks.length - 1)); });
    made.append(text, tools);
    if (!block.fixed && !block.sign.startsWith("#")) chips(made, block);
    return made;
  };

  let blocks = [];
  const list = make("ol", "block-list");
  const show = (focus) => {
    list.replaceChildren(...blocks.map(row));
    if (focus !== undefined && list.children[focus]) list.children[focus].querySelector("textarea").focus();
  };
  const toggle = make("button", "quiet", "Edit as blocks");
  toggle.type = "button";
  toggle.setAttribute("aria-pressed", "false");
  toggle.addEventListener("click", () => {
    const on = toggle.getAttribute("aria-pressed") === "false";
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? "Edit as text" : "Edit as blocks";
    field.hidden = on;
    list.hidden = !on;
    if (on) { blocks = read(); show(); }
  });
  list.hidden = true;
  field.before(toggle, list);
})();
