// What embind registers in every module and no binding here uses: left out of the glue.
addToLibrary({
  _embind_register_bigint: () => {},
  _embind_register_std_wstring: () => {},

  // Every place that has WebAssembly exceptions knows its global object.
  $emval_get_global: () => globalThis,

  // web/engine makes each handle, deletes it once and uses it no more: none is cloned, compared or deleted later.
  $init_ClassHandle__deps: ['$ClassHandle', '$detachFinalizer', '$releaseClassHandle'],
  $init_ClassHandle: () => {
    ClassHandle.prototype['delete'] = function () {
      detachFinalizer(this);
      releaseClassHandle(this.$$);
      this.$$.smartPtr = this.$$.ptr = undefined;
    };
  },

  // Each is a shared pointer to a class without a base, and of no call an argument, but always what it is called on.
  $RegisteredPointer_fromWireType__deps: ['$makeClassHandle'],
  $RegisteredPointer_fromWireType: function (ptr) {
    return makeClassHandle(this.registeredClass.instancePrototype, {
      ptrType: this.pointeeType,
      ptr: this.getPointee(ptr),
      smartPtrType: this,
      smartPtr: ptr,
    });
  },
  $genericPointerToWireType: () => {},
  $constNoSmartPtrRawPointerToWireType: (_destructors, handle) => handle.$$.ptr,
  $nonConstNoSmartPtrRawPointerToWireType: (_destructors, handle) => handle.$$.ptr,

  // Each name is given once: nothing is overloaded.
  $exposePublicSymbol: (name, value) => {
    Module[name] = value;
  },
  $replacePublicSymbol: (name, value) => {
    Module[name] = value;
  },
});
