([texts, until]) => texts.map(text => {
  const calendar = new ICAL.Component(ICAL.parse(text))
  ICAL.TimezoneService.reset()
  calendar.getAllSubcomponents("vtimezone").forEach(zone => ICAL.TimezoneService.register(zone))
  const components = calendar.getAllSubcomponents("vevent")
  const uidOf = component => component.getFirstPropertyValue("uid")
  const found = {}
  const note = (component, time) => {
    const moment = time.toUnixTime()
    const moments = found[uidOf(component)] ??= []
    if (moment <= until && component.getFirstPropertyValue("status") !== "CANCELLED") moments.push(moment)
  }
  for (const master of components.filter(one => !one.hasProperty("recurrence-id"))) {
    const exceptions = components.filter(
      one => one.hasProperty("recurrence-id") && uidOf(one) === uidOf(master)
    )
    const event = new ICAL.Event(master, { strictExceptions: true, exceptions })
    if (!event.isRecurring()) {
      note(master, event.startDate)
      continue
    }
    // A meeting that was brought forward can come long after those that follow it by the rule.
    const last = until + 400 * 86400
    const dates = event.iterator()
    for (let next = dates.next(); next && next.toUnixTime() <= last; next = dates.next()) {
      const details = event.getOccurrenceDetails(next)
      note(details.item.component, details.startDate)
    }
  }
  Object.values(found).forEach(moments => moments.sort((one, other) => one - other))
  return found
})
