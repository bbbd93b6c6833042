"""axe as the pages are looked at with it: its own code, unchanged, but quicker on a long page.

Half of its time went into two habits. It keeps every part of every colour in a ``WeakMap``, which is slow with a hundred
thousand colours, so it is given one that puts the value on the object itself. And it reads the same few words for
colours, such as ``rgb(11, 12, 12)``, again and again, so each is read once. What it finds is the same.
"""

from typing import Final

from axe_playwright_python.base import AXE_SCRIPT

QUICK_MAPS: Final = """
class QuickMap extends WeakMap {
    name = Symbol();
    get(one) { return this.name in one ? one[this.name] : super.get(one); }
    has(one) { return this.name in one || super.has(one); }
    set(one, value) {
        if (Object.isExtensible(one)) one[this.name] = value;
        else super.set(one, value);
        return this;
    }
    delete(one) { return this.name in one ? delete one[this.name] : super.delete(one); }
}
class QuickSet extends WeakSet {
    values = new QuickMap();
    has(one) { return this.values.has(one); }
    add(one) { this.values.set(one, true); return this; }
    delete(one) { return this.values.delete(one); }
}
"""
READ_COLOURS_ONCE: Final = """
const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
colour.parseString = function (words) {
    if (!known.has(words)) {
        read.call(this, words);
        known.set(words, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(words);
    return this;
};
"""
START_AXE: Final = f"""globalThis.startAxe = () => {{
    {QUICK_MAPS}
    ((WeakMap, WeakSet) => {{
        {AXE_SCRIPT}
    }})(QuickMap, QuickSet);
    {READ_COLOURS_ONCE}
}}"""
"""For each new page of a browser: a function that defines ``axe``. It is sent once, and takes no time until it is called."""
