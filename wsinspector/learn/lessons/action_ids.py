"""The ids of the window's actions, whose keys a lesson may name; a test holds them against the window."""

_IDS = """
    address.connect by-hand.pick by-hand.send craft.add craft.after craft.before craft.earlier
    craft.remove craft.several detail.close detail.copy field.all field.copy field.cut field.paste
    field.redo field.undo files.delete files.export files.kept files.list files.open files.put-away
    files.save files.share filter.clear filter.help filter.offer filter.older filter.saved
    filter.take frames.binary frames.control frames.craft frames.faults frames.filter frames.follow
    frames.frames frames.kind frames.messages frames.reading frames.replay frames.send frames.step
    frames.text headers.add headers.delete headers.down headers.duplicate headers.redo
    headers.switch headers.undo headers.up hex.find hex.left hex.right lesson.again lesson.back
    lesson.check lesson.next lesson.show library.draft library.forget library.history library.open
    library.requests library.variables list.before list.copy list.edit list.leave list.next
    list.open log.compare log.craft log.find log.find-next log.find-previous log.fold log.from-here
    log.from-start log.jump log.last log.mark log.marks log.menu log.name log.next-mark log.open
    log.pin log.pin-answer log.previous-mark log.replay log.sequence log.times log.unfold
    payload.beside payload.hex payload.json payload.more payload.text payload.wire present.explained
    present.payload provoke.find provoke.stop replay.first replay.only replay.stop request.accept
    request.address request.answer-view request.attempt-after request.attempt-before request.client
    request.connect request.disconnect request.draft request.keep request.lab request.lab-sheet
    request.options request.presets request.report request.rule request.side-by-side request.use
    request.version request.view requests.delete requests.down requests.duplicate requests.folder
    requests.into requests.open requests.rename requests.save requests.undo requests.up rules.find
    rules.view saved.delete saved.down saved.duplicate saved.edit saved.menu saved.rename saved.save
    saved.send saved.show saved.up send.enter send.line send.newer send.older sequences.fault
    sequences.files sequences.new sequences.reference sequences.run sequences.save sequences.show
    sequences.view statistics.back statistics.charts statistics.closer statistics.copy
    statistics.filtered statistics.halt statistics.inflate statistics.kinds statistics.numbers
    statistics.show statistics.silences statistics.whole step.all step.back step.next sweep.stop
    tree.path variables.delete version.choose version.line window.as-system window.close-tab
    window.contrast window.dark window.even-out window.explain window.explain-all window.hide-frames
    window.hide-handshake window.inspect window.keys window.larger window.learn window.lessons
    window.library window.light window.menu window.new-tab window.next-tab window.palette
    window.present window.previous-tab window.provoke window.quit window.size window.smaller
    window.sweep window.welcome
"""

ACTION_IDS = frozenset(_IDS.split())
