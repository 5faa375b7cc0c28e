test_that("eight cars are held out", {
  set.seed(40)
  expect_length(sample(nrow(mtcars), 8), 8)
})
