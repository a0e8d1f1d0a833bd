// "Add to my list" without leaving the page: the link asks in the background, then says so and leads to the list.
for (const link of document.querySelectorAll("a[data-keep]")) {
  link.addEventListener("click", async (event) => {
    if (!link.dataset.keep || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const plain = link.href, said = link.dataset.keep;
    try {
      const answer = await fetch(plain.replace("/add?", "/add.json?"), { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      link.href = new URL((await answer.json()).link, location.href).pathname; // the list as it will be when it is opened
      link.removeAttribute("data-keep");
      link.firstChild.data = said;
      announce(said);
    } catch {
      location.assign(plain); // the page of the list says what is wrong
    }
  });
}

function announce(text) {
  let status = document.getElementById("kept-status");
  if (!status) {
    status = document.createElement("p");
    status.id = "kept-status";
    status.className = "unseen";
    status.setAttribute("role", "status");
    document.body.append(status);
  }
  requestAnimationFrame(() => { status.textContent = text; });
}
