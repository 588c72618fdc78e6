import Support

/// Writes zip archives of stored members by hand, so that they can be wrong in any way.
struct ZipWriter {
  struct Member {
    var name: String
    var data: [UInt8]
    /// The name in the member's own header, where it differs.
    var localName: String?
    var method: UInt16 = 0
    var flags: UInt16 = 0
    /// The size that the directory states, where it differs.
    var size: UInt32?
    /// Whether size and place stand in the directory's zip64 field.
    var isLarge = false
    /// Where the directory says that the member begins, where it differs.
    var start: UInt32?

    init(_ name: String, _ data: [UInt8]) {
      self.name = name
      self.data = data
    }
  }

  var members: [Member]
  /// Whether there are zip64 records, as PyTorch writes them.
  var hasLargeRecords = false
  /// The number of members that the end record states, where it differs.
  var count: UInt16?
  /// Where the zip64 locator points, where that is wrong.
  var recordPlace: UInt64?

  var bytes: [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let size = little(member.isLarge ? .max : member.size ?? UInt32(member.data.count))
      let large = little(UInt64(member.data.count))
      let extra =
        member.isLarge ? [1, 0, 24, 0] + large + large + little(UInt64(body.count)) : []
      let name = Array(member.name.utf8)
      let fields =
        little(member.flags) + little(member.method) + little(UInt32(0)) + little(UInt32(0))
        + size + size
      directory += [0x50, 0x4B, 1, 2] + little(UInt16(45)) + little(UInt16(45)) + fields
      directory += little(UInt16(name.count)) + little(UInt16(extra.count))
      directory += [UInt8](repeating: 0, count: 10)
      directory += little(member.isLarge ? .max : member.start ?? UInt32(body.count))
      directory += name + extra
      let localName = member.localName.map { Array($0.utf8) } ?? name
      body += [0x50, 0x4B, 3, 4] + little(UInt16(45)) + fields
      body += little(UInt16(localName.count)) + little(UInt16(0)) + localName + member.data
    }
    let records = hasLargeRecords ? largeRecords(body.count, directory.count) : []
    let stated = little(count ?? UInt16(members.count))
    return body + directory + records + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + stated + stated
      + little(UInt32(directory.count)) + little(UInt32(body.count)) + [0, 0]
  }

  private func largeRecords(_ start: Int, _ size: Int) -> [UInt8] {
    let count = little(UInt64(members.count))
    return [0x50, 0x4B, 6, 6] + little(UInt64(44)) + [45, 0, 45, 0] + little(UInt64(0)) + count
      + count + little(UInt64(size)) + little(UInt64(start)) + [0x50, 0x4B, 6, 7, 0, 0, 0, 0]
      + little(recordPlace ?? UInt64(start + size)) + [1, 0, 0, 0]
  }
}
