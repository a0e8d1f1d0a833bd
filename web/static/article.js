// What an article's page offers without script, made quicker: from one matched word to the next, and its reference copied.
// The words of the buttons stand in the page's templates.
"use strict";

const matchBar = document.querySelector("template.match-bar");
if (matchBar) {
  const marks = [...document.querySelectorAll("mark[id^=match-]")];
  const bar = matchBar.content.firstElementChild.cloneNode(true);
  const told = bar.querySelector("output span");
  let here = -1;

  const show = (place) => {
    if (here >= 0) marks[here].classList.remove("here");
    here = (place + marks.length) % marks.length;
    marks[here].classList.add("here");
    told.textContent = here + 1;
  };
  const follow = () => {
    const place = marks.findIndex((mark) => `#${mark.id}` === location.hash);
    if (place >= 0) show(place);
  };
  for (const button of bar.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      show(here < 0 && button.value < 0 ? marks.length - 1 : here + Number(button.value));
      marks[here].scrollIntoView({ block: "center" });
    });
  }
  addEventListener("hashchange", follow);
  follow();
  matchBar.replaceWith(bar);
}

const copying = document.querySelector("template.copying");
if (copying && navigator.clipboard) {
  const tools = copying.content.cloneNode(true);
  const told = tools.querySelector("output");
  const words = told.textContent;
  told.textContent = "";
  tools.querySelector("button").addEventListener("click", async () => {
    const reference = document.getElementById("reference");
    try {
      await navigator.clipboard.writeText(reference.textContent.trim());
      told.textContent = words;
    } catch {
      getSelection().selectAllChildren(reference); // the browser allows no more: now a key copies it
    }
  });
  copying.replaceWith(tools);
}
