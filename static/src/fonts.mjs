// Copies the fonts of fonts.json into a folder. For print: one file is one family, since the engine mixes up the glyphs of
// two files that share a family; fonts.json in that folder names them, in the order in which they are asked for a letter.
// For pages: the rules with which a browser fetches a file only when a page shows one of its letters.
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const WEIGHTS = { 400: "400Regular", 700: "700Bold" };

/** Copy the files for print and their list. `modules` is node_modules, `folder` the fonts' own. */
export function forPrint(families, modules, folder) {
  const printed = families.map((family) => {
    const faces = [];
    for (const weight of family.weights ?? [400, 700]) {
      for (const style of family.whole ? ["normal", "italic"] : ["normal"]) {
        const named = `${WEIGHTS[weight]}${style === "italic" ? "_Italic" : ""}`;
        const from = family.whole
          ? join(modules, "@expo-google-fonts", family.name, named, `${family.whole}_${named}.ttf`)
          : join(modules, "@fontsource", family.name, "files", `${family.name}-${family.subset}-${weight}-${style}.woff2`);
        const file = `${family.name}-${weight}-${style}.${family.whole ? "ttf" : "woff2"}`;
        cpSync(from, join(folder, file));
        faces.push({ weight, style, file });
      }
    }
    licence(join(modules, family.whole ? "@expo-google-fonts" : "@fontsource", family.name), folder, family.name);
    return { family: family.family, faces };
  });
  writeFileSync(join(folder, "fonts.json"), `${JSON.stringify(printed, null, 1)}\n`);
}

/** Copy the files for pages; return their @font-face rules. A file that serves print too has one name for both. */
export function forPages(families, modules, folder) {
  const rules = [];
  for (const [family, parts] of Object.entries(families)) {
    for (const { name, subsets, styles = ["normal"] } of parts) {
      const from = join(modules, "@fontsource", name);
      const ranges = JSON.parse(readFileSync(join(from, "unicode.json"), "utf8"));
      for (const subset of subsets) {
        for (const weight of [400, 700]) {
          for (const style of styles) {
            const own = subset === "latin" || name.endsWith(`-${subset}`) ? name : `${name}-${subset}`;
            const file = `${own}-${weight}-${style}.woff2`;
            cpSync(join(from, "files", `${name}-${subset}-${weight}-${style}.woff2`), join(folder, file));
            rules.push(
              `@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};font-display:swap;` +
                `src:url("fonts/${file}") format("woff2");unicode-range:${ranges[subset]}}`,
            );
          }
        }
      }
      licence(from, folder, name);
    }
  }
  return `${rules.join("\n")}\n`;
}

function licence(from, folder, name) {
  const file = ["LICENSE_FONT", "LICENSE"].map((each) => join(from, each)).find(existsSync);
  cpSync(file, join(folder, `${name}-LICENSE.txt`));
}
