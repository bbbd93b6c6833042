// Builds everything the browser gets, and the report's own style and fonts, into static/build. It is built beside and put
// into its place at the end, so that a report that is being drawn meanwhile finds its fonts.
// Names do not depend on content; Django adds the hash when it collects static files.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";
import { forPages, forPrint } from "./fonts.mjs";

const src = dirname(fileURLToPath(import.meta.url));
const root = join(src, "..", "..");
const modules = join(root, "node_modules");
const place = join(root, "static", "build");
const build = join(modules, ".portal-building");
const before = join(modules, ".portal-built-before");
const made = join(modules, ".portal-made");

for (const rest of [build, before, made]) rmSync(rest, { recursive: true, force: true });
mkdirSync(join(build, "fonts"), { recursive: true });
mkdirSync(made);

const fonts = JSON.parse(readFileSync(join(src, "fonts.json"), "utf8"));
forPrint(fonts.print, modules, join(build, "fonts"));
writeFileSync(join(made, "_font-faces.scss"), forPages(fonts.web, modules, join(build, "fonts")));

for (const sheet of ["portal", "report", "report-alone", "card"]) {
  const { css } = compile(join(src, `${sheet}.scss`), { loadPaths: [modules, made], style: "compressed", quietDeps: true });
  writeFileSync(join(build, `${sheet}.css`), `${css}\n`);
}

// One script of ours with the components of govuk-frontend inside it, so that one hashed name covers both.
const source = readFileSync(join(src, "portal.js"), "utf8");
const library = readFileSync(join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf8");
const wanted = /^import \{([^}]*)\} from "govuk-frontend";$/m;
const exported = /export\s*\{([\w\s,]*)\};?\s*(\/\/# sourceMappingURL=.*)?\s*$/;
if (!wanted.test(source) || !exported.test(library)) {
  throw new Error("portal.js no longer imports govuk-frontend, or govuk-frontend no longer exports, as the build expects.");
}
const wrapped = `(() => {${library.replace(exported, "return {$1};")}})()`;
writeFileSync(join(build, "portal.js"), source.replace(wanted, (_, names) => `const {${names}} = ${wrapped};`));

// Source maps are not shipped, so the comment that points to one goes too: the manifest would look for it.
const htmx = readFileSync(join(modules, "htmx.org/dist/htmx.min.js"), "utf8");
writeFileSync(join(build, "htmx.js"), htmx.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
for (const script of ["session.js", "verify.js"]) cpSync(join(src, script), join(build, script));
cpSync(join(src, "images"), join(build, "images"), { recursive: true });

if (existsSync(place)) renameSync(place, before);
renameSync(build, place);
rmSync(before, { recursive: true, force: true });
console.log("static/build is ready.");
