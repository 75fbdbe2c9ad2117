// Coastlines and graticules as small static SVG files: `node tools/draw_land.mjs <folder>`, a part of `npm run vendor`.
//
// From Natural Earth 1:50 million (public domain, by way of world-atlas), simplified to what can be seen. Each picture
// stands under the projection of the same name in apps/charts/maps/projections.py, and tests/charts/maps/test_land.py holds
// them together. One grey that is told from both a white and a dark page; the page behind shows through.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { geoAzimuthalEquidistant, geoEquirectangular, geoGraticule, geoPath } from "d3-geo";
import topojson from "topojson-client";
import simplifying from "topojson-simplify";

const { filter, filterWeight, presimplify, simplify, sphericalRingArea, sphericalTriangleArea } = simplifying;

const GREY = "#7b8794";
const WORLD_SCALE = 720 / (2 * Math.PI); // units for each radian
const POLAR_SCALE = 178 / (Math.PI / 3); // from the pole to 30 degrees of latitude

const world = () => geoEquirectangular().scale(WORLD_SCALE).translate([360, 180]);
const polar = (turn) => geoAzimuthalEquidistant().rotate([0, turn]).scale(POLAR_SCALE).translate([180, 180]).clipAngle(60);

// `detail`: square units of the smallest triangle that a corner of a coast may make. `nearby` is looked at enlarged.
const PICTURES = {
  world: { projection: world(), scale: WORLD_SCALE, width: 720, detail: 0.4, digits: 1, line: 0.6, grid: 30 },
  nearby: { projection: world(), scale: WORLD_SCALE, width: 720, detail: 0.08, digits: 1, line: 0.12, grid: 10 },
  north: { projection: polar(-90), scale: POLAR_SCALE, width: 360, detail: 0.4, digits: 1, line: 0.6, grid: 30 },
  south: { projection: polar(90), scale: POLAR_SCALE, width: 360, detail: 0.4, digits: 1, line: 0.6, grid: 30 },
};

const atlas = createRequire(import.meta.url)("world-atlas/land-50m.json");
const topology = presimplify(atlas, sphericalTriangleArea);

// The coast without the corners, and without the islands, that are too small to be seen.
function land({ scale, detail }) {
  const smallest = detail / scale ** 2; // steradians
  const simple = simplify(topology, smallest);
  const visible = filter(simple, filterWeight(simple, 2 * smallest, sphericalRingArea));
  return topojson.feature(visible, visible.objects.land);
}

// Parallels in steps of `grid` degrees, meridians too, which all go on to the pole.
function graticule({ grid }) {
  return geoGraticule().step([grid, grid]).extent([[-180, -90], [180, 90]])();
}

function svg(picture) {
  const path = geoPath(picture.projection.precision(0.2)).digits(picture.digits);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${picture.width} 360" stroke="${GREY}">
<path fill="none" stroke-width="${picture.line}" stroke-opacity=".45" d="${path(graticule(picture))}"/>
<path id="land" fill="${GREY}" fill-opacity=".22" stroke-width="${picture.line}" stroke-linejoin="round" d="${path(land(picture))}"/>
</svg>
`;
}

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
for (const [name, picture] of Object.entries(PICTURES)) {
  writeFileSync(join(folder, `${name}.svg`), svg(picture));
}
