/// The Python classes and functions that a file of weights may name, and what they mean here.
enum PickleGlobal {
  /// A class whose instances are dictionaries; the first argument may hold the members.
  case dictionary
  /// `defaultdict`, whose first argument makes missing members and is of no use here.
  case defaultDictionary
  case set
  /// A function that makes a tensor, by the number of leading arguments of (storage, offset, shape,
  /// strides) and where the element type stands, if not in the storage.
  case tensor(typeAt: Int?)
  /// A function whose first argument is the result.
  case firstArgument
  /// `(function, class, arguments, state)`: what the function makes of the arguments.
  case indirect
  /// A storage class; nil for bytes.
  case storage(ElementType?)
  /// A type of elements.
  case elementType(PickleTensor.TypeName)
  case size
  /// `_codecs.encode(text, 'latin1')`, how old pickles hold bytes.
  case encode
  case numpyScalar
  /// A class whose instances are kept as data.
  case plain

  /// The meaning of `module.name`; nil is refused.
  static func named(_ name: String) -> PickleGlobal? { table[name] }

  private static let table: [String: PickleGlobal] = {
    var table: [String: PickleGlobal] = [
      "collections.OrderedDict": .dictionary,
      "collections.Counter": .dictionary,
      "collections.defaultdict": .defaultDictionary,
      "torch._utils._rebuild_tensor": .tensor(typeAt: nil),
      "torch._utils._rebuild_tensor_v2": .tensor(typeAt: nil),
      "torch._utils._rebuild_tensor_v3": .tensor(typeAt: 6),
      "torch._utils._rebuild_parameter": .firstArgument,
      "torch._utils._rebuild_parameter_with_state": .firstArgument,
      "torch._tensor._rebuild_from_type": .indirect,
      "torch._tensor._rebuild_from_type_v2": .indirect,
      "torch.storage.UntypedStorage": .storage(nil),
      "torch.UntypedStorage": .storage(nil),
      "torch.Size": .size,
      "_codecs.encode": .encode,
    ]
    let storages: [(String, ElementType)] = [
      ("Float", .float32), ("Half", .float16), ("BFloat16", .bfloat16), ("Double", .float64),
      ("Long", .int64), ("Int", .int32), ("Short", .int16), ("Char", .int8), ("Byte", .uint8),
      ("Bool", .bool),
    ]
    for (name, type) in storages {
      for module in ["torch", "torch.storage", "torch.cuda"] {
        table["\(module).\(name)Storage"] = .storage(type)
      }
    }
    let types: [(String, ElementType)] = [
      ("float32", .float32), ("float", .float32), ("float16", .float16), ("half", .float16),
      ("bfloat16", .bfloat16), ("float64", .float64), ("double", .float64), ("int64", .int64),
      ("long", .int64), ("int32", .int32), ("int", .int32), ("int16", .int16), ("short", .int16),
      ("int8", .int8), ("uint8", .uint8), ("bool", .bool),
    ]
    for (name, type) in types { table["torch.\(name)"] = .elementType(.known(type)) }
    for name in [
      "uint16", "uint32", "uint64", "complex32", "complex64", "complex128", "float8_e4m3fn",
      "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu",
      "float4_e2m1fn_x2",
    ] {
      table["torch.\(name)"] = .elementType(.unknown(name))
    }
    for module in ["builtins", "__builtin__"] {
      table["\(module).set"] = .set
      table["\(module).frozenset"] = .set
      for name in ["dict", "list", "tuple", "int", "float", "str", "bool", "object", "complex"] {
        table["\(module).\(name)"] = .plain
      }
    }
    for module in ["numpy.core", "numpy._core"] {
      table["\(module).multiarray.scalar"] = .numpyScalar
      table["\(module).multiarray._reconstruct"] = .plain
      table["\(module).numeric._frombuffer"] = .plain
    }
    for name in [
      "argparse.Namespace", "types.SimpleNamespace", "numpy.dtype", "numpy.ndarray",
      "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter",
      "torch.torch_version.TorchVersion", "pathlib.Path", "pathlib.PurePath",
      "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath",
      "pathlib.PureWindowsPath", "pathlib._local.PosixPath", "pathlib._local.PurePosixPath",
      "pathlib._local.WindowsPath",
    ] {
      table[name] = .plain
    }
    return table
  }()
}
