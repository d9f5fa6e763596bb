/** Numbers of area code 435 that the sandbox has for sale. */
export const fresh = '4355550105'
export const another = '4355550110'

/** Numbers that the sandbox's account owns: area code 303 with two. */
export const owned = '3035550150'
export const alsoOwned = '3035550151'

/** Numbers for sale that do not misbehave: more than one request holds. */
export const sixty = () =>
  Array.from({ length: 60 }, (_, index) => {
    const line = String(index % 50).padStart(2, '0')
    return { tn: `${index < 50 ? 212 : 303}55501${line}` }
  })
