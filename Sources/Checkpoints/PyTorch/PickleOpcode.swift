/// The opcodes of pickle protocols 2 to 5 that Python writes, by their bytes.
///
/// The textual ones of protocols 0 and 1, the extension registry and out-of-band buffers are left
/// out: no checkpoint has them.
enum PickleOpcode: UInt8 {
  case proto = 0x80
  case frame = 0x95
  case stop = 0x2E

  case mark = 0x28
  case pop = 0x30
  case popMark = 0x31
  case dup = 0x32
  case binput = 0x71
  case longBinput = 0x72
  case memoize = 0x94
  case binget = 0x68
  case longBinget = 0x6A

  case none = 0x4E
  case newTrue = 0x88
  case newFalse = 0x89
  case binint = 0x4A
  case binint1 = 0x4B
  case binint2 = 0x4D
  case long1 = 0x8A
  case long4 = 0x8B
  case binfloat = 0x47
  case binunicode = 0x58
  case shortBinunicode = 0x8C
  case binunicode8 = 0x8D
  case binstring = 0x54
  case shortBinstring = 0x55
  case binbytes = 0x42
  case shortBinbytes = 0x43
  case binbytes8 = 0x8E
  case bytearray8 = 0x96

  case emptyList = 0x5D
  case list = 0x6C
  case append = 0x61
  case appends = 0x65
  case emptyTuple = 0x29
  case tuple = 0x74
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case emptyDict = 0x7D
  case dict = 0x64
  case setItem = 0x73
  case setItems = 0x75
  case emptySet = 0x8F
  case addItems = 0x90
  case frozenSet = 0x91

  case global = 0x63
  case stackGlobal = 0x93
  case reduce = 0x52
  case newObject = 0x81
  case newObjectEx = 0x92
  case build = 0x62
  case persistentId = 0x51

  /// How many values a tuple of fixed length takes.
  var tupleCount: Int {
    switch self {
    case .tuple1: 1
    case .tuple2: 2
    case .tuple3: 3
    default: 0
    }
  }
}
