// Suggestions under the search box: a combobox with list autocomplete and manual selection, as the ARIA Authoring Practices
// describe it (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). What is chosen is searched at once; the box works without.
const DELAY = 150; // ms without a key until suggestions are asked for
const SPEAK = 600; // ms until their number is said, so that nobody is interrupted at each letter

for (const input of document.querySelectorAll("input[data-suggest]")) suggest(input);

function suggest(input) {
  const words = JSON.parse(input.dataset.words);
  const figures = new Intl.NumberFormat(document.documentElement.lang);
  const list = make("ul", { id: `${input.id}-suggestions`, role: "listbox", class: "suggested", "aria-label": words.label });
  const status = make("p", { "aria-live": "polite", class: "unseen" });
  let options = [];
  let active = -1;
  let asked = null; // the request under way
  let waiting = 0;
  let speaking = 0;

  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) input.setAttribute(name, value);
  list.hidden = true;
  input.closest(".search-line").append(list);
  input.form.append(status);

  input.addEventListener("input", (event) => {
    if (!event.isComposing) askSoon();
  });
  input.addEventListener("compositionend", askSoon);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (press(event)) event.preventDefault();
  });
  input.addEventListener("blur", close);
  addEventListener("pagehide", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(options.indexOf(option));
  });

  // Returns whether the key was ours. With Alt arrows only open and close the list.
  function press({ key, altKey }) {
    if (key === "ArrowDown" && list.hidden) {
      ask(altKey ? -1 : 0);
      return true;
    }
    if (list.hidden) return false;
    if (key === "Escape" || (key === "ArrowUp" && altKey)) {
      close();
      return true;
    }
    if (key === "ArrowDown" || key === "ArrowUp") {
      const places = options.length + 1; // the input itself is one: there the text is as typed
      move(((active + (key === "ArrowDown" ? 2 : 0) + places) % places) - 1);
      return true;
    }
    if (key === "Enter" && active >= 0) {
      choose(active);
      return true;
    }
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) move(-1);
    return false;
  }

  function askSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, DELAY, -1);
  }

  async function ask(first) {
    clearTimeout(waiting);
    asked?.abort();
    const typed = input.value;
    if (!typed.trim()) return close();
    const request = (asked = new AbortController());
    try {
      const address = new URL(input.dataset.suggest, location);
      address.searchParams.set("q", typed);
      const answer = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? await answer.json() : [];
      if (asked === request && document.activeElement === input && input.value === typed) show(found, typed, first);
    } catch {
      if (asked === request) close(); // no network, or an answer that is none: the box is a plain one
    }
  }

  function show(found, typed, first) {
    options = found.map((one, place) => optionOf(one, typed, `${list.id}-${place}`));
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    move(Math.min(first, options.length - 1));
    say({ 0: words.none, 1: words.one }[options.length] ?? words.many.replace("{number}", figures.format(options.length)));
  }

  function optionOf({ text, kind, count }, typed, id) {
    const option = make("li", { id, role: "option", "aria-selected": "false" });
    const label = kind === "phrase" ? text : text.replace(/^(?:[a-z]+:)?"?|"$/g, ""); // as a name, without its field and quotes
    const known = label.toLocaleLowerCase().startsWith(typed.toLocaleLowerCase()) ? typed.length : label.length;
    const name = make("span");
    const rest = make("b");
    rest.textContent = label.slice(known);
    name.append(label.slice(0, known), rest);
    const told = make("small");
    told.textContent = [words[kind], count === null ? "" : figures.format(count)].filter(Boolean).join(" · ");
    option.append(name, " ", told);
    option.dataset.text = text;
    return option;
  }

  function move(place) {
    options[active]?.setAttribute("aria-selected", "false");
    active = place;
    const option = options[active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function choose(place) {
    input.value = options[place].dataset.text;
    close();
    input.form.submit(); // nothing listens to it, and not every browser can request it
  }

  function close() {
    clearTimeout(waiting);
    clearTimeout(speaking);
    asked?.abort();
    asked = null;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    move(-1);
    status.textContent = "";
  }

  function say(text) {
    clearTimeout(speaking);
    speaking = setTimeout(() => { status.textContent = text; }, SPEAK);
  }
}

function make(tag, attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
