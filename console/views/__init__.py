"""SHOW: what is seen and touched. The only room that imports Qt (with `console.app`)."""
