/* Says beside the button what is chosen above it. Pages work without it. */
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  // <b data-chosen="(the inputs' name)" data-none="(words)">. A time is said with its day.
  const say = (place) => {
    const words = all(`[name="${place.dataset.chosen}"]:checked`).map((input) => {
      const label = input.closest("label"), day = input.closest("[data-day]");
      return (day ? `${day.dataset.day}, ` : "") + (label.querySelector("b") ?? label).textContent;
    });
    place.textContent = words.join(", ") || place.dataset.none;
  };

  // <b data-zone="(time zone)">: for those whose own clock shows another time.
  const tell = (line) => {
    const now = new Date(), clock = (timeZone) => now.toLocaleString("en", { timeZone });
    line.hidden = clock(line.dataset.zone) === clock();
  };

  // What is chosen while a piece is on its way stays chosen in it, and keeps the focus.
  const services = () => all('#services [name="service"]');
  let kept, hadFocus;
  addEventListener("htmx:before:swap", () => {
    kept = services().find((input) => input.checked)?.value;
    hadFocus = document.activeElement.name === "service";
  });
  addEventListener("htmx:after:swap", () => {
    if (kept) for (const input of services()) {
      input.checked = input.value === kept;
      if (input.checked && hadFocus) input.focus();
    }
    refresh();
  });

  const refresh = () => { all("[data-chosen]").forEach(say); all("[data-zone]").forEach(tell); };
  for (const name of ["change", "htmx:after:settle", "pageshow"]) addEventListener(name, refresh);
  refresh();

  // <button data-copy="(an input's id)" data-done="(words)" hidden>: only where the browser can copy.
  if (navigator.clipboard) for (const button of all("[data-copy]")) {
    const input = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      input.select();
      await navigator.clipboard.writeText(input.value);
      button.textContent = button.dataset.done;
    });
  }
})();
