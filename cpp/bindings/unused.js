// What embind registers in every module and no binding here uses: left out of the glue.
addToLibrary({
  _embind_register_bigint: () => {},
  _embind_register_std_wstring: () => {},
});
