/* Smooths pages that work without it. */
(() => {
  const all = (selector, root) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];

  // <dialog open> becomes a true modal.
  const open = (dialog) => {
    const leave = () => location.assign(dialog.dataset.close);
    const first = dialog.querySelector("[autofocus]");
    dialog.removeAttribute("open");
    dialog.showModal();
    first?.focus();
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); leave(); });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) leave(); });
  };

  // <p data-countdown="(ISO)">… <b data-left></b></p> gives way to the next element when the time has come.
  const count = (line) => {
    const end = Date.parse(line.dataset.countdown), next = line.nextElementSibling, left = line.querySelector("[data-left]");
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      if (left) left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      line.hidden = !seconds;
      if (next) next.hidden = !!seconds;
      if (seconds && line.isConnected) setTimeout(tick, 1000 - (Date.now() % 1000));
    };
    tick();
  };

  const enhance = (root) => {
    for (const dialog of all("dialog[open]:not(:modal)", root)) open(dialog);
    for (const line of all("[data-countdown]", root)) count(line);
    for (const input of all("[data-code] [maxlength]", root)) input.removeAttribute("maxlength"); // It would cut a pasted "123 456".
    (all(".errsum", root)[0] || all("[aria-invalid=true]", root)[0])?.focus();
    if (all("[hx-get], [hx-post]", root)[0]) loadHtmx();
  };

  // Only pages that use htmx fetch it.
  const { htmx } = document.currentScript.dataset;
  let wanted = htmx;
  const loadHtmx = () => {
    if (!wanted) return;
    const script = document.createElement("script");
    script.src = wanted;
    wanted = "";
    document.head.append(script);
  };

  const on = (name, react) => document.addEventListener(name, react);

  // Six digits are sent by themselves, once. Spaces and dashes are dropped.
  on("input", ({ target }) => {
    const form = target.closest("form[data-code]");
    if (!form || target.name !== "code") return;
    target.value = target.value.replace(/[\s-]/g, "");
    if (/^[0-9]{6}$/.test(target.value)) form.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const { dataset } = event.target;
    if ("code" in dataset && dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); }
    dataset.sent = 1;
  }, true);

  // Sent when chosen, unless it is refused anyway.
  on("change", ({ target }) => {
    if (!target.matches("[data-submit]")) return;
    const tooLarge = target.files[0]?.size > 15 * 2 ** 20;
    target.form.querySelector("[data-too-large]").hidden = !tooLarge;
    if (!tooLarge) target.form.requestSubmit();
  });

  on("click", (event) => {
    const { target } = event;
    if (target.closest("[data-print]")) print();
    if (target.closest("[data-dismiss]")) { event.preventDefault(); target.closest(".flash").remove(); }
    for (const menu of all("details.menu[open]", document)) if (!menu.contains(target)) menu.open = false;
  });

  on("keydown", ({ key }) => {
    const menu = key === "Escape" && all("details.menu[open]", document)[0];
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // Pieces are enhanced like pages.
  on("htmx:after:settle", ({ detail }) => { for (const part of detail.newContent) if (part.querySelector) enhance(part); });
  const trouble = () => {
    for (const form of all("[data-sent]", document)) delete form.dataset.sent;
    const words = document.querySelector("#trouble"), place = document.querySelector("dialog:modal .dlg-b, main");
    if (!words || place.querySelector("[data-trouble]")) return;
    place.prepend(words.content.cloneNode(true));
    place.firstElementChild.focus();
  };
  on("htmx:error", trouble);
  on("htmx:response:error", ({ detail }) => { if (detail.ctx.response.status >= 500) trouble(); });

  enhance(document);
})();
