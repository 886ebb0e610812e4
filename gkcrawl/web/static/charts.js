// Draws the charts of /stats from the page's own JSON; without it the tables below each say the same.
"use strict";

(async () => {
  const places = [...document.querySelectorAll("[data-chart]")];
  const read = async (address) => (await fetch(address)).json();
  const { rows } = await read(document.querySelector("[data-rows]").dataset.rows);
  for (const place of places) {
    const values = rows.filter(
      (row) => row.chart === place.dataset.chart && !(place.dataset.without ?? "").split(" ").includes(row.series),
    );
    if (!values.length) continue;
    const spec = await read(place.dataset.spec);
    place.hidden = false;
    // The syntax tree is interpreted: no string becomes code, as the page's policy asks.
    await vegaEmbed(place, { ...spec, data: { values } }, {
      actions: false, ast: true, defaultStyle: false, renderer: "svg", tooltip: false,
    });
    // The place itself is the picture, with words; its strokes are nothing to read out.
    place.querySelector("svg").setAttribute("aria-hidden", "true");
  }
})();
