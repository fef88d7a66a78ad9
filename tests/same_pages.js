// Answers the words of the page as a reader sees them, and a line for each element: its name, its
// attributes, and its text without white space, which only the words judge.
() => {
  for (const details of document.querySelectorAll("details")) details.open = true
  const squeezed = text => text.replace(/\s+/g, " ").trim()
  const elements = [...document.querySelectorAll("*")].map(element => {
    const attributes = [...element.attributes]
      .map(attribute => `${attribute.name}="${squeezed(attribute.value)}"`)
      .sort()
    const text = [...element.childNodes]
      .filter(node => node.nodeType === Node.TEXT_NODE)
      .map(node => node.data.replace(/\s+/g, ""))
      .join("")
    return [element.localName, ...attributes, text].join(" ").trim()
  })
  return [document.title + "\n" + document.body.innerText, elements]
}
