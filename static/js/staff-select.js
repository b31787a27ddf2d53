// The names of select2's box and of the field that searches within it: those of the label.
// Registered late with jQuery's “ready”, so that select2 has made its boxes by then.
addEventListener("DOMContentLoaded", () => django.jQuery(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels[0];
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    if (!label || !box) continue;
    label.id ||= `${select.id}_label`;
    const shown = box.querySelector(".select2-selection__rendered");
    box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
    shown.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
    django.jQuery(select).on("select2:open", () => {
      const field = document.querySelector(".select2-container--open .select2-search__field");
      field?.setAttribute("aria-labelledby", label.id);
    });
  }
}));
