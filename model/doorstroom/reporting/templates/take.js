// Taking along: numbers and pictures as files in the page's language, each with its title, identity and reference.
const save = (name, parts, type) => {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  make("a", { href: address, download: `doorstroom-${data.study.slice(0, 12)}-${name}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
};
// A Dutch spreadsheet reads semicolons and decimal commas, and takes a file for UTF-8 by its mark
const csvOf = (title, head, rows) => {
  const dutch = language === "nl", between = dutch ? ";" : ",";
  const form = (value) => (dutch && typeof value === "string" && /^-?\d+\.\d+$/.test(value) ? value.replace(".", ",") : String(value));
  const quoted = (value) => (new RegExp(`["\\n${between}]`).test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = [[...head.map((one) => t(one)), t("study")], ...rows.filter(Boolean).map((row) => [...row, data.study])].map((row) => row.map((value) => quoted(form(value))).join(between));
  const about = [title, data.reference[language]].map((text) => quoted(`# ${text}`));
  return `\ufeff${[...lines, "", ...about].join("\n")}\n`;
};
// All drawings of a figure as one SVG, title above and reference below
const pictureOf = (figure) => {
  const holder = figure.querySelector(".drawing"), frame = holder.getBoundingClientRect();
  const W = Math.ceil(frame.width), T = 54, title = figure.querySelector("figcaption").textContent;
  const room = Math.max(30, Math.floor(W / 6.6)), foot = wrapped(data.reference[language], room);
  const H = Math.ceil(frame.height) + T + 14 * foot.length + 14;
  const svg = draw("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${W} ${H}`, width: W, height: H, "font-family": "system-ui, DejaVu Sans, Arial, sans-serif", "font-size": 12 },
    draw("title", {}, title), draw("metadata", {}, `${data.reference[language]} doorstroom study ${data.study}`), draw("rect", { width: W, height: H, fill: "#fff" }));
  wrapped(title, Math.floor(W / 7.6)).slice(0, 3).forEach((line, at) => svg.append(draw("text", { x: 4, y: 15 + 15 * at, "font-weight": "bold", "font-size": 13 }, line)));
  for (const part of holder.querySelectorAll("svg")) {
    if (part.closest(".key")) continue;
    const box = part.getBoundingClientRect(), copy = part.cloneNode(true);
    for (const [key, value] of Object.entries({ x: box.left - frame.left, y: box.top - frame.top + T, width: box.width, height: box.height })) copy.setAttribute(key, value);
    svg.append(copy);
  }
  for (const text of holder.querySelectorAll("p, .key li")) {
    const box = text.getBoundingClientRect(), mark = text.querySelector("svg");
    if (mark) {
      const copy = mark.cloneNode(true), at = mark.getBoundingClientRect();
      for (const [key, value] of Object.entries({ x: at.left - frame.left, y: at.top - frame.top + T, width: at.width, height: at.height })) copy.setAttribute(key, value);
      svg.append(copy);
    }
    const indent = mark ? 44 : 0;
    wrapped(text.textContent, Math.max(12, Math.floor((box.width || W) / 6.4))).forEach((line, at) => svg.append(draw("text", { x: box.left - frame.left + indent, y: box.top - frame.top + T + 13 + 14 * at, "font-weight": text.className === "title" ? "bold" : null }, line)));
  }
  foot.forEach((line, at) => svg.append(draw("text", { x: 4, y: H - 14 * (foot.length - at) + 4, fill: "#545454", "font-size": 11 }, line)));
  return { text: new XMLSerializer().serializeToString(svg), W, H };
};
const wrapped = (text, room) => text.split(/\s+/).reduce((lines, word) => {
  const last = lines[lines.length - 1];
  if (last && last.length + word.length < room) lines[lines.length - 1] = `${last} ${word}`;
  else lines.push(word);
  return lines;
}, []);
const savePng = (figure, name) => {
  const { text, W, H } = pictureOf(figure), image = new Image();
  image.onload = () => {
    const canvas = make("canvas", { width: 2 * W, height: 2 * H }), pen = canvas.getContext("2d");
    pen.scale(2, 2);
    pen.drawImage(image, 0, 0, W, H);
    canvas.toBlob(async (blob) => save(`${name}.png`, [withText(new Uint8Array(await blob.arrayBuffer()), { Title: figure.querySelector("figcaption").textContent, Source: `doorstroom study ${data.study}`, Copyright: data.reference[language] })], "image/png"));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
};
// A PNG with texts inside: chunks iTXt before the last one
const withText = (png, texts) => {
  const chunks = Object.entries(texts).map(([key, value]) => {
    const body = new TextEncoder().encode(`iTXt${key}\0\0\0\0\0${value}`), chunk = new Uint8Array(body.length + 8), view = new DataView(chunk.buffer);
    view.setUint32(0, body.length - 4);
    chunk.set(body, 4);
    view.setUint32(body.length + 4, crc32(body));
    return chunk;
  });
  const end = png.length - 12;
  return new Blob([png.slice(0, end), ...chunks, png.slice(end)]);
};
const crc32 = (bytes) => {
  let found = -1;
  for (const byte of bytes) {
    found ^= byte;
    for (let bit = 0; bit < 8; bit++) found = (found >>> 1) ^ (0xedb88320 & -(found & 1));
  }
  return (found ^ -1) >>> 0;
};
// Offer a plot's numbers and picture; they are gathered when they are asked for
const offer = (figure, name, head, rows) => {
  figure.querySelector(".csv").onclick = () => save(`${name}.csv`, [csvOf(figure.querySelector("figcaption").textContent, head, rows())], "text/csv");
  figure.querySelector(".svg").onclick = () => save(`${name}.svg`, [pictureOf(figure).text], "image/svg+xml");
  figure.querySelector(".png").onclick = () => savePng(figure, name);
};
